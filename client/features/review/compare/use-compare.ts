import { useQuery } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { compareMoments } from '#shared/contracts/review-replay.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

export type Compared = ReplyOf<typeof compareMoments>;
export type BoardCompared = Compared['boards'][number];
export type BoardChange = BoardCompared['changes'][number];

/** What two moments differ in; the answer before stays until the next one is here. */
export function useCompare(
  operationId: OperationId,
  { reading, from, to }: { readonly reading: number; readonly from: number; readonly to: number },
) {
  return useQuery({
    queryKey: operationKey(operationId, 'comparison', reading, from, to),
    queryFn: ({ signal }) => api(compareMoments, { operationId, reading, from, to }, { signal }),
    placeholderData: (before) => before,
    gcTime: 60_000,
  });
}
