import { anyLength, type RawBuilder, sql } from '#server/platform/storage/store.ts';

import type { Batch } from './commit-rows.ts';

/** Entries of the board that are in the document: those up to `newest`, and those above `before` up to `last` of each beyond. */
export type Seen = {
  readonly newest: number;
  readonly beyond: readonly { readonly before: number; readonly last: number }[];
};

/**
 * `(log_id)` of each batch of which the record has changes under the same client ids that the document lacks: they may be
 * the very ones. So an edit that a client sent a second time, to another node or after a commit of which nobody knew, never
 * stands twice, however late the first comes to stand. [BD-40] And of each whose document has what the record has not: the
 * database was put back under it, and nothing may be built on that. [BD-32] Row by row, by the key: an `exists` would be planned
 * while the tables are small, and read all of them for ever after.
 */
export function unseen(batches: readonly Batch[]): RawBuilder<unknown> {
  const column = <T>(of: (one: Batch) => T): T[] => batches.map(of);
  const known = batches.flatMap(({ place, seen }) =>
    seen.beyond.map(({ before, last }) => ({ board: place.board, before, last })),
  );
  return sql`select mine.log_id from unnest(
      ${anyLength(
        column(({ place }) => place.operation),
        'text',
      )}, ${anyLength(
        column(({ place }) => place.board),
        'text',
      )},
      ${anyLength(
        column(({ seen }) => seen.newest),
        'bigint',
      )}, ${anyLength(column(clientsOf), 'text')}
    ) as mine (log_id, board, newest, clients)
    where (
      select u.seq from board_updates u
      where u.board_id = mine.board and u.seq > mine.newest and u.client_ids && mine.clients::bigint[]
        and not exists (
          select 1 from unnest(${anyLength(
            known.map(({ board }) => board),
            'text',
          )}, ${anyLength(
            known.map(({ before }) => before),
            'bigint',
          )},
                               ${anyLength(
                                 known.map(({ last }) => last),
                                 'bigint',
                               )}) as known (board, before, last)
          where known.board = u.board_id and u.seq > known.before and u.seq <= known.last)
      limit 1) is not null
      or mine.newest >= 0 and (
        select u.seq from board_updates u where u.board_id = mine.board and u.seq = mine.newest) is null`;
}

function clientsOf({ batch }: Batch): string {
  return `{${[...new Set(batch.flatMap(({ clients }) => clients))].join(',')}}`;
}
