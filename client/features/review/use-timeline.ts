import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import { readFound, readTimeline, searchRecord } from '#shared/contracts/review-timeline.ts';
import { asId, type CompartmentId, type OfficerId, type OperationId } from '#shared/kernel/ids.ts';
import type { Line } from './entries/line.ts';
import type { ReviewFilter } from './filters/review-filter.ts';

export type TimelinePage = ReplyOf<typeof readTimeline>;
type FoundPage = ReplyOf<typeof searchRecord>;

/** A list that reads on when its end comes near. */
export type Pages = {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
};

const PAGE = 200;
const FOUND = 50;

export function useTimeline(operationId: OperationId, filter: ReviewFilter) {
  const pages = useInfiniteQuery({
    queryKey: operationKey(operationId, 'timeline', filter),
    initialPageParam: null as number | null,
    queryFn: ({ pageParam, signal }) =>
      api(
        readTimeline,
        { operationId, ...given(filter), limit: PAGE, ...(pageParam !== null && { before: pageParam }) },
        { signal },
      ),
    getNextPageParam: ({ next }: TimelinePage) => next,
    placeholderData: (before) => before,
    gcTime: 60_000,
  });
  const lines = useMemo(
    () => pages.data?.pages.flatMap(({ rows }) => rows.map((row): Line => ({ ...row, texts: [] }))) ?? [],
    [pages.data],
  );
  return { pages, lines };
}

export type Sought = { readonly text: string; readonly purpose: string };

/** Each search is an entry on the record; its further pages name that entry. An empty text seeks nothing. */
export function useSearch(operationId: OperationId, { text, purpose }: Sought, filter: ReviewFilter) {
  const pages = useInfiniteQuery({
    queryKey: operationKey(operationId, 'found', text, filter),
    enabled: text !== '',
    initialPageParam: null as { readonly reading: number; readonly before: number } | null,
    queryFn: ({ pageParam, signal }) => {
      const wanted = { operationId, text, ...given(filter), limit: FOUND };
      return pageParam === null
        ? api(searchRecord, { ...wanted, purpose }, { signal })
        : api(readFound, { ...wanted, ...pageParam }, { signal });
    },
    getNextPageParam: ({ reading, next }: FoundPage) => (next === null ? null : { reading, before: next }),
    gcTime: 60_000,
  });
  const lines = useMemo(() => pages.data?.pages.flatMap(({ rows }) => rows.map(lineOf)) ?? [], [pages.data]);
  return { pages, lines };
}

function lineOf(row: FoundPage['rows'][number]): Line {
  const { seq, at } = row.entry;
  return { ...row, count: 1, firstSeq: seq, firstAt: at, sentences: [] };
}

function given(filter: ReviewFilter) {
  const { country, officerId, group, kind, outcome, compartment, object, from, until } = filter;
  return {
    ...(country && { country }),
    ...(officerId && { officerId: asId<OfficerId>(officerId) }),
    ...(group && { group }),
    ...(kind && { kind }),
    ...(outcome && { outcome }),
    ...(compartment && { compartment: asId<CompartmentId>(compartment) }),
    ...(object && { objectId: object.id }),
    ...(from && { from }),
    ...(until && { until }),
  };
}
