import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { useEntries } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import {
  confirmChange,
  listWitnesses,
  registerWitness,
  retireWitness,
  setQuorum,
  withdrawChange,
} from '#shared/contracts/witnesses.ts';
import type { OperationId, RequestId, WitnessId } from '#shared/kernel/ids.ts';
import { keepPolicy, readPolicy } from '../verify/pinned.ts';
import { useLookAgain } from '../verify/use-trust.ts';

export type Witnesses = ReplyOf<typeof listWitnesses>;

function witnessesKey(operationId: OperationId) {
  return operationKey(operationId, 'witnesses');
}

/** Read again when the record says that keys or quorum changed, and now and then for what was cosigned. */
export function useWitnesses(operationId: OperationId, may: boolean, often = false) {
  const queries = useQueryClient();
  useEntries((entries) => {
    if (entries.some(({ kind }) => kind.startsWith('witness.') || kind === 'quorum.set'))
      void queries.invalidateQueries({ queryKey: witnessesKey(operationId) });
  });
  return useQuery({
    queryKey: witnessesKey(operationId),
    queryFn: ({ signal }) => api(listWitnesses, { operationId }, { signal }),
    enabled: may,
    refetchInterval: often ? 5_000 : false,
  });
}

/** The policy this browser weighs by. The first one seen is kept; another one only when a person says so. [RC-68] */
export function usePolicy(operationId: OperationId, origin: string, shown: string | null) {
  const lookAgain = useLookAgain(operationId);
  const [held, setHeld] = useState(() => readPolicy(origin));
  const accept = () => {
    if (shown === null) return;
    const policy = { text: shown, at: clock.now() };
    keepPolicy(origin, policy);
    setHeld(policy);
    void lookAgain();
  };
  const isFirst = held === null && shown !== null;
  useEffect(() => {
    if (isFirst) accept();
  });
  return { held, changed: held !== null && shown !== null && held.text !== shown, accept };
}

export function useRegister(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (vkey: string) => api(registerWitness, { operationId, vkey }),
    onSettled: () => queries.invalidateQueries({ queryKey: witnessesKey(operationId) }),
  });
}

export function useRetire(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { witnessId: WitnessId; reason: string }) =>
      api(retireWitness, { operationId, ...given }),
    onSettled: () => queries.invalidateQueries({ queryKey: witnessesKey(operationId) }),
  });
}

export function useSetQuorum(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: { witnessIds: WitnessId[]; need: number }) =>
      api(setQuorum, { operationId, ...given }),
    onSettled: () => queries.invalidateQueries({ queryKey: witnessesKey(operationId) }),
  });
}

/** Confirms, or with a reason takes away. */
export function useSettle(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ requestId, reason }: { requestId: RequestId; reason: string | null }) =>
      reason === null
        ? api(confirmChange, { operationId, requestId })
        : api(withdrawChange, { operationId, requestId, reason }),
    onSettled: () => queries.invalidateQueries({ queryKey: witnessesKey(operationId) }),
  });
}
