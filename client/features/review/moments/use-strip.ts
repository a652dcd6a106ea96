import { useQuery } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { readStrip } from '#shared/contracts/review-replay.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

export type Strip = ReplyOf<typeof readStrip>;

/** What lies where in the record, as it was when the reading began. */
export function useStrip(operationId: OperationId, reading: number | null) {
  return useQuery({
    queryKey: operationKey(operationId, 'strip', reading),
    queryFn: ({ signal }) => api(readStrip, { operationId, reading: reading ?? -1, slices: 120 }, { signal }),
    enabled: reading !== null,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** When about that place was: the newest time that is known of a place before it. */
export function timeAbout({ marks }: Strip, place: number): string | null {
  return marks.findLast(({ seq }) => seq <= place)?.at ?? null;
}
