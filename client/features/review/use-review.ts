import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, download } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { exportRecord, openReview } from '#shared/contracts/review.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

/** What was said when this visit began; each search and each further opening goes on the record with it. */
export type Begun = { readonly purpose: string };

function begunKey(operationId: OperationId) {
  return operationKey(operationId, 'review-begun');
}

/** `null` until this visit's reading is on the record. */
export function useBegun(operationId: OperationId): Begun | null {
  const begun = useQuery<Begun | null>({
    queryKey: begunKey(operationId),
    queryFn: () => null,
    initialData: null,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return begun.data;
}

export function useBeginReview(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (purpose: string) => api(openReview, { operationId, purpose }),
    onSuccess: (_, purpose) => queries.setQueryData<Begun>(begunKey(operationId), { purpose }),
  });
}

export function useExportRecord(operationId: OperationId) {
  return useMutation({
    mutationFn: (purpose: string) => download(exportRecord, { operationId, purpose }),
  });
}
