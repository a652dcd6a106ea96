import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { Call } from '#shared/contracts/contract.ts';
import { readLifecycle, statePurpose } from '#shared/contracts/lifecycle.ts';
import { readCertificate } from '#shared/contracts/purge.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

/** While something goes on by itself: a purge, or its certificate. */
const UNDER_WAY = 1_000;

export function useLifecycle(operationId: OperationId) {
  return useQuery({
    queryKey: operationKey(operationId, 'lifecycle'),
    queryFn: ({ signal }) => api(readLifecycle, { operationId }, { signal }),
    staleTime: 0,
    refetchInterval: ({ state }) => {
      const { data } = state;
      const waits = data?.operation.state === 'purging' || (data?.purge?.doneAt && !data.purge.certified);
      return waits ? UNDER_WAY : false;
    },
  });
}

export function useCertificate(operationId: OperationId, signed: boolean) {
  return useQuery({
    queryKey: operationKey(operationId, 'certificate'),
    queryFn: ({ signal }) => api(readCertificate, { operationId }, { signal }),
    enabled: signed,
  });
}

/** One act on the course of the operation; what is shown of it is read again afterwards. */
export function useCourseAct(operationId: OperationId, call: Call) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (given: object) => {
      const input: object = { operationId, ...given };
      return api(call, input);
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['operations'] });
      await queries.invalidateQueries({ queryKey: operationKey(operationId, 'lifecycle') });
      await queries.invalidateQueries({ queryKey: operationKey(operationId, 'open') });
    },
  });
}

export function useStatePurpose(operationId: OperationId) {
  return useMutation({
    mutationFn: (purpose: string) => api(statePurpose, { operationId, purpose }),
  });
}
