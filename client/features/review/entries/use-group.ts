import { useQuery } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { listEntries } from '#shared/contracts/review.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { Line } from './line.ts';

/** The entries that the hub folded into a line, newest first; at most 200 of them. */
export function useGroup(operationId: OperationId, { entry, firstSeq, firstAt }: Line) {
  const { object, by } = entry;
  return useQuery({
    queryKey: operationKey(operationId, 'line', firstSeq, entry.seq),
    queryFn: async ({ signal }) => {
      const { entries } = await api(
        listEntries,
        {
          operationId,
          kind: 'board.updated',
          before: entry.seq + 1,
          from: firstAt,
          until: isoTime(Date.parse(entry.at) + 1),
          limit: 200,
          ...(object && { objectId: object.id }),
          ...(by && { officerId: by.officer }),
        },
        { signal },
      );
      return entries.filter(({ seq }) => seq >= firstSeq);
    },
    gcTime: 60_000,
  });
}
