import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { failureOf } from '#client/platform/failure.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { registerWitness, retireWitness } from '#shared/contracts/witnesses.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { formatVkey } from '#shared/record/keys.ts';
import { cosignerName } from '#shared/record/witness/names.ts';
import { readEvidence } from '../verify/pinned.ts';
import { useLookAgain } from '../verify/use-trust.ts';
import { type Cosigned, cosignOnce } from './browser-cosign.ts';
import { dropBrowserKey, keepBrowserKey, makeBrowserKey, noteKeyOf, readBrowserKey } from './browser-key.ts';

/** Milliseconds between two looks of this browser's witness. */
const PERIOD = 15_000;

function keyKey(operationId: OperationId) {
  return operationKey(operationId, 'browser-key');
}

/** Whether this browser has a key for the record: `unable` where it cannot keep one. */
export function useBrowserKey(operationId: OperationId, origin: string) {
  return useQuery({
    queryKey: keyKey(operationId),
    retry: false,
    queryFn: async (): Promise<'none' | 'held' | 'unable'> => {
      try {
        return (await readBrowserKey(origin)) === null ? 'none' : 'held';
      } catch {
        return 'unable';
      }
    },
  });
}

/** Checks and cosigns while the room is open, if this browser has a key. */
export function useBrowserCosigning(operationId: OperationId, origin: string) {
  const held = useBrowserKey(operationId, origin).data === 'held';
  const lookAgain = useLookAgain(operationId);
  return useQuery<Cosigned | null>({
    queryKey: operationKey(operationId, 'browser-cosigned'),
    enabled: held,
    refetchInterval: PERIOD,
    retry: false,
    queryFn: async ({ client, queryKey }) => {
      const cosigned = await cosignOnce(operationId, origin);
      if (readEvidence(origin) !== null) void lookAgain();
      return cosigned ?? client.getQueryData<Cosigned>(queryKey) ?? null;
    },
  });
}

/** Makes a key, registers it, and keeps it only when the hub has taken it. */
export function useBrowserSwitch(operationId: OperationId, origin: string, desk: string) {
  const queries = useQueryClient();
  const again = () => {
    for (const part of ['browser-key', 'browser-cosigned', 'witnesses'])
      void queries.invalidateQueries({ queryKey: operationKey(operationId, part) });
  };
  const on = useMutation({
    mutationFn: async () => {
      const made = await makeBrowserKey(cosignerName('officer-browser', desk));
      const { id } = await api(registerWitness, { operationId, vkey: formatVkey(noteKeyOf(made)) });
      await keepBrowserKey({ ...made, origin, witness: id, pin: null });
    },
    onSettled: again,
  });
  const off = useMutation({
    mutationFn: async (reason: string) => {
      const key = await readBrowserKey(origin);
      if (key === null) return;
      await api(retireWitness, { operationId, witnessId: key.witness, reason }).catch((error: unknown) => {
        // Somebody has retired it already.
        if (failureOf(error).code !== 'not.found') throw error;
      });
      await dropBrowserKey(origin);
    },
    onSettled: again,
  });
  return { on, off };
}
