import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { fewAtOnce } from '#client/platform/few-at-once.ts';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import { proveEntry, readCheckpoint } from '#shared/contracts/review.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { checkCheckpoint, pinOf, type Trust } from './check-checkpoint.ts';
import { checkEntry, type EntryVerdict } from './check-entry.ts';
import { keepPin, readPin } from './pinned.ts';

/** Milliseconds between looks: often while entries wait for a signature. */
const WAITING = 3_000;
const IDLE = 15_000;

/** The newest checkpoint, verified against everything this browser verified before. */
export function useTrust(operationId: OperationId, origin: string) {
  const head = useRoomFact((room) => room.cursor);
  return useQuery<Trust>({
    queryKey: operationKey(operationId, 'trust'),
    refetchInterval: ({ state }) => (head > signedSize(state.data) ? WAITING : IDLE),
    queryFn: async ({ signal }): Promise<Trust> => {
      const pin = readPin(origin);
      const reply = await api(readCheckpoint, { operationId, since: pin?.size ?? 0 }, { signal });
      const trust = checkCheckpoint(reply, origin, pin);
      if (trust.state === 'held') keepPin(origin, pinOf(trust.vkey, trust.checkpoint));
      return trust;
    },
  });
}

function signedSize(trust: Trust | undefined): number {
  return trust?.state === 'held' ? trust.checkpoint.size : 0;
}

/** The person compared the new key out of band: what was known under the old one is forgotten. */
export function useAcceptKey(operationId: OperationId, origin: string) {
  const queries = useQueryClient();
  return async () => {
    const reply = await api(readCheckpoint, { operationId, since: 0 });
    const trust = checkCheckpoint(reply, origin, null);
    if (trust.state === 'held') keepPin(origin, pinOf(trust.vkey, trust.checkpoint));
    await queries.invalidateQueries({ queryKey: operationKey(operationId, 'trust') });
    await queries.invalidateQueries({ queryKey: operationKey(operationId, 'proof') });
  };
}

const queue = fewAtOnce(3);

/** One entry, checked here. Only asked for once a checkpoint that holds covers it. */
export function useVerdict(operationId: OperationId, entry: EntryOnWire, trust: Trust | undefined) {
  const held = trust?.state === 'held' && entry.seq < trust.checkpoint.size ? trust : null;
  return useQuery({
    queryKey: operationKey(operationId, 'proof', entry.seq, entry.leafHash),
    enabled: held !== null,
    gcTime: 10 * 60_000,
    queryFn: ({ signal }): Promise<EntryVerdict> =>
      queue(async () => {
        if (held === null) return { ok: false, reason: 'no-checkpoint' };
        const proof = await api(proveEntry, { operationId, seq: entry.seq }, { signal });
        return checkEntry(entry, proof, held);
      }),
  });
}
