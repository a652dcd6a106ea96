import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { type BoardAct, readBoardAt } from '#shared/contracts/boards.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import type { BoardDesk } from '../board-context.ts';
import { openPastDesk } from './model/past-desk.ts';

/** After this entry of the record. `record`: the card or frame that it was about, if it is there afterwards. */
export type Moment = { readonly seq: number; readonly at: string; readonly record: string | null };

export function momentOf({ seq, at, changes }: BoardAct): Moment {
  const about = changes.findLast(({ what, record }) => record !== 'link' && what !== 'deleted');
  return { seq, at, record: about?.id ?? null };
}

/** `desk`: what is on screen instead of the live board; while the first moment is read, nothing is yet. */
export type Past =
  | { readonly state: 'live' }
  | { readonly state: 'reading'; readonly moment: Moment; readonly desk: BoardDesk | null }
  | {
      readonly state: 'failed';
      readonly moment: Moment;
      readonly desk: BoardDesk | null;
      readonly error: unknown;
      readonly again: () => void;
    }
  | { readonly state: 'shown'; readonly moment: Moment; readonly desk: BoardDesk; readonly board: Json };

type Open = ReturnType<typeof openPastDesk> & { readonly board: Json };

/** The board as it stood at a moment; what the record says of a moment never changes. */
export function usePast(operationId: OperationId, boardId: BoardId, moment: Moment | null): Past {
  const seq = moment?.seq ?? -1;
  const live = moment === null;
  const at = useQuery({
    queryKey: operationKey(operationId, 'board-at', boardId, seq),
    queryFn: ({ signal }) => api(readBoardAt, { operationId, boardId, seq }, { signal }),
    enabled: !live,
    gcTime: 60_000,
  });
  const board = live ? undefined : at.data?.board;
  const [open, setOpen] = useState<Open | null>(null);
  useEffect(() => {
    if (live) setOpen(null);
    else if (board !== undefined) setOpen({ board, ...openPastDesk(board) });
  }, [live, board]);
  useEffect(() => () => open?.close(), [open]);
  if (moment === null) return { state: 'live' };
  const desk = open?.desk ?? null;
  if (at.isError) return { state: 'failed', moment, desk, error: at.error, again: () => void at.refetch() };
  if (!open || open.board !== board) return { state: 'reading', moment, desk };
  return { state: 'shown', moment, desk: open.desk, board: open.board };
}
