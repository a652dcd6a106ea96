import { type InfiniteData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { api } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { useRoom } from '#client/platform/live-context.tsx';
import type { LiveRoom } from '#client/platform/live-room.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { boardHistory } from '#shared/contracts/boards.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

type Page = ReplyOf<typeof boardHistory>;
type Pages = InfiniteData<Page, number | undefined>;

const PAGE = 200;
const MOST = 500;
/** Reading the history costs the hub a replay: a busy board is asked after no more often. */
const REST = 4000;

export type HistoryOf = {
  readonly operationId: OperationId;
  readonly boardId: BoardId;
  /** Only what touched this card, link or frame. */
  readonly record: string | null;
};

export function useHistory(of: HistoryOf) {
  const queries = useQueryClient();
  const key = operationKey(of.operationId, 'board-history', of.boardId, of.record);
  const ask = (page: { before?: number; limit: number }, signal?: AbortSignal) => {
    const { operationId, boardId, record } = of;
    return api(boardHistory, { operationId, boardId, ...page, ...(record ? { record } : {}) }, { signal });
  };
  const pages = useInfiniteQuery({
    queryKey: key,
    initialPageParam: undefined as number | undefined,
    queryFn: ({ pageParam, signal }) =>
      ask({ limit: PAGE, ...(pageParam === undefined ? {} : { before: pageParam }) }, signal),
    getNextPageParam: (page: Page) => (page.more ? page.acts.at(-1)?.seq : undefined),
    gcTime: 0,
  });
  const asOf = pages.data?.pages[0]?.asOf ?? null;
  const waiting = useWaiting(of.boardId, asOf);
  const newer = useMutation({
    mutationFn: () => ask({ limit: Math.min(MOST, waiting + 1) }),
    onSuccess: (page) => {
      const known = queries.getQueryData<Pages>(key);
      const joined = known && joinPages(known, page);
      if (joined) queries.setQueryData<Pages>(key, joined);
      else void queries.resetQueries({ queryKey: key });
    },
  });
  return { pages, waiting, readNewer: newer.mutate, readingNewer: newer.isPending };
}

/** `null` when something may lie between what is known and what came. */
export function joinPages(known: Pages, page: Page): Pages | null {
  const [first, ...rest] = known.pages;
  if (!first) return null;
  const newest = first.acts[0]?.seq ?? -1;
  const oldest = page.acts.at(-1)?.seq ?? -1;
  if (page.more && oldest > newest) return null;
  const fresh = page.acts.filter(({ seq }) => seq > newest);
  return { ...known, pages: [{ ...first, asOf: page.asOf, acts: [...fresh, ...first.acts] }, ...rest] };
}

/** How many changes of this board came after `asOf`. */
function useWaiting(boardId: BoardId, asOf: number | null): number {
  const room = useRoom();
  const [waiting, setWaiting] = useState(0);
  useEffect(() => {
    if (asOf === null) return;
    const count = () => setWaiting(countSince(room, boardId, asOf));
    count();
    return room.onEntries(count);
  }, [room, boardId, asOf]);
  return waiting;
}

function countSince(room: LiveRoom, boardId: BoardId, asOf: number): number {
  const delivered = room.deliveredSince(asOf);
  if (delivered === null) return MOST;
  return delivered.filter(({ kind, object, outcome }) => {
    return kind === 'board.updated' && object?.id === boardId && outcome === 'ok';
  }).length;
}

/** Reads newer acts by itself while nobody would lose their place by it. */
export function useFollowing(follow: boolean, waiting: number, read: () => void): void {
  const due = follow && waiting > 0;
  useEffect(() => (due ? clock.after(REST, read) : undefined), [due, read]);
}
