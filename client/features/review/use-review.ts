import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, download } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { exportRecord, listEntries, openReview } from '#shared/contracts/review.ts';
import { asId, type OfficerId, type OperationId } from '#shared/kernel/ids.ts';
import type { ReviewFilter } from './review-filter.ts';

export type EntriesPage = ReplyOf<typeof listEntries>;

const PAGE = 200;

function begunKey(operationId: OperationId) {
  return operationKey(operationId, 'review-begun');
}

/** Whether this visit's reading is on the record already. */
export function useBegun(operationId: OperationId): boolean {
  const begun = useQuery({
    queryKey: begunKey(operationId),
    queryFn: () => false,
    initialData: false,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
  });
  return begun.data;
}

export function useBeginReview(operationId: OperationId) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (purpose: string) => api(openReview, { operationId, purpose }),
    onSuccess: () => queries.setQueryData(begunKey(operationId), true),
  });
}

export function useEntryPages(operationId: OperationId, filter: ReviewFilter) {
  return useInfiniteQuery({
    queryKey: operationKey(operationId, 'entries', filter),
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) => api(listEntries, input(operationId, filter, pageParam), { signal }),
    getNextPageParam: (page: EntriesPage) => (page.more ? page.entries.at(-1)?.seq : undefined),
    placeholderData: (before) => before,
    gcTime: 60_000,
  });
}

function input(operationId: OperationId, filter: ReviewFilter, before: number | undefined) {
  const { country, officerId, kind, outcome, object, from, until } = filter;
  return {
    operationId,
    limit: PAGE,
    ...(country && { country }),
    ...(officerId && { officerId: asId<OfficerId>(officerId) }),
    ...(kind && { kind }),
    ...(outcome && { outcome }),
    ...(object && { objectId: object.id }),
    ...(from && { from }),
    ...(until && { until }),
    ...(before === undefined ? {} : { before }),
  };
}

export function useExportRecord(operationId: OperationId) {
  return useMutation({
    mutationFn: (purpose: string) => download(exportRecord, { operationId, purpose }),
  });
}
