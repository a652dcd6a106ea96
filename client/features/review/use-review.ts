import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, download } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { exportRecord, openReview, type ReadingKind } from '#shared/contracts/review.ts';
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

/** A further opening, which the calls of replay, comparison, access and report name. */
export type Opening = { readonly size: number; readonly reading: number };

function openingKey(operationId: OperationId, what: ReadingKind) {
  return operationKey(operationId, 'opening', what);
}

/** Opens anew, as another entry: an opening lasts a day. */
export function useOpenAgain(operationId: OperationId, what: ReadingKind): () => void {
  const queries = useQueryClient();
  return () => void queries.resetQueries({ queryKey: openingKey(operationId, what), exact: true });
}

/** Each opening is one entry, however long it is used; it is made when its part of the review is first gone to. */
export function useOpening(operationId: OperationId, what: ReadingKind, purpose: string) {
  const queries = useQueryClient();
  const queryKey = openingKey(operationId, what);
  return useQuery({
    queryKey,
    queryFn: (): Promise<Opening> => api(openReview, { operationId, purpose, what }),
    // A change of rights reads everything again, but opens nothing a second time.
    enabled: queries.getQueryData(queryKey) === undefined,
    gcTime: Number.POSITIVE_INFINITY,
  });
}
