import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { fewAtOnce } from '#client/platform/few-at-once.ts';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import { proveEntry, readCheckpoint } from '#shared/contracts/review.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { checkEntry, type EntryVerdict } from './check-entry.ts';
import { keepEvidence, keepPin, readEvidence, readPin, readPolicy, startAgain } from './pinned.ts';
import { checkTrust, type Trust } from './trust.ts';

/** Milliseconds between looks: often while entries wait for a signature. */
const WAITING = 3_000;
const IDLE = 15_000;

function trustKey(operationId: OperationId) {
  return operationKey(operationId, 'trust');
}

/** The newest checkpoint, verified against everything this browser verified before. What contradicts stays until it is put away. */
export function useTrust(operationId: OperationId, origin: string) {
  const head = useRoomFact((room) => room.cursor);
  const live = useRoomFact((room) => room.status.state === 'live');
  return useQuery<Trust>({
    queryKey: trustKey(operationId),
    refetchInterval: ({ state }) => (head > signedSize(state.data) && live ? WAITING : IDLE),
    queryFn: async ({ signal }): Promise<Trust> => {
      const kept = readEvidence(origin);
      if (kept !== null) return { state: kept.state, evidence: kept };
      const pin = readPin(origin);
      const reply = await api(readCheckpoint, { operationId, since: pin?.size ?? 0 }, { signal });
      const policy = readPolicy(origin)?.text ?? null;
      const trust = checkTrust(reply, { origin, pin, policy, seenAt: isoTime(clock.now()) });
      if (trust.state === 'held') keepPin(origin, trust.pin);
      if ('evidence' in trust) keepEvidence(trust.evidence);
      return trust;
    },
  });
}

function signedSize(trust: Trust | undefined): number {
  return trust?.state === 'held' ? trust.checkpoint.size : 0;
}

/** The person saved what contradicts, and compared the record out of band: what was known before is forgotten. */
export function useStartAgain(operationId: OperationId, origin: string) {
  const queries = useQueryClient();
  return async () => {
    startAgain(origin);
    await queries.invalidateQueries({ queryKey: trustKey(operationId) });
    await queries.invalidateQueries({ queryKey: operationKey(operationId, 'proof') });
  };
}

/** Weighs again at once, by another policy or after another look. */
export function useLookAgain(operationId: OperationId) {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: trustKey(operationId) });
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
