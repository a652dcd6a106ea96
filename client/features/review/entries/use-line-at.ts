import { useQuery } from '@tanstack/react-query';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { listEntries } from '#shared/contracts/review.ts';
import { readTimeline } from '#shared/contracts/review-timeline.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { groupOf } from '#shared/review/groups.ts';
import type { Line } from './line.ts';

/** One entry by its place, as a line of its own; `null` when it is not among what the reader may see. */
export function useLineAt(operationId: OperationId, seq: number | null) {
  return useQuery({
    queryKey: operationKey(operationId, 'line-at', seq),
    queryFn: ({ signal }) => lineAt(operationId, seq ?? 0, signal),
    enabled: seq !== null && seq >= 0,
    gcTime: 300_000,
  });
}

async function lineAt(operationId: OperationId, seq: number, signal: AbortSignal): Promise<Line | null> {
  const { entries } = await api(listEntries, { operationId, before: seq + 1, limit: 1 }, { signal });
  const [entry] = entries;
  if (entry?.seq !== seq) return null;
  const line: Line = {
    entry,
    group: groupOf(entry.kind, entry.outcome),
    count: 1,
    firstSeq: seq,
    firstAt: entry.at,
    sentences: [],
    texts: [],
  };
  if (entry.kind !== 'board.updated') return line;
  // What a board change did is told by the timeline alone; this is the one millisecond it happened in.
  const until = isoTime(Date.parse(entry.at) + 1);
  const { rows } = await api(
    readTimeline,
    { operationId, from: entry.at, until, kind: 'board.updated' },
    { signal },
  );
  const told = rows.find((row) => row.firstSeq <= seq && seq <= row.entry.seq);
  return { ...line, sentences: told?.sentences ?? [] };
}
