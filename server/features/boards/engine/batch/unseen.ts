import { type RawBuilder, sql } from '#server/platform/storage/store.ts';

import type { BoardPlace } from '../types.ts';
import type { Row } from './commit-rows.ts';

/** Entries of the board that are in the document: those up to `newest`, and those above `before` up to `last` of each beyond. */
export type Seen = {
  readonly newest: number;
  readonly beyond: readonly { readonly before: number; readonly last: number }[];
};

/**
 * Whether the record has changes under the client ids of the batch that the document lacks: it may be the very ones. So
 * an edit that a client sent a second time, to another node or after a commit of which nobody knew, never stands twice,
 * however late the first comes to stand. [BD-40]
 */
export function unseen({ board }: BoardPlace, batch: readonly Row[], seen: Seen): RawBuilder<unknown> {
  const clients = [...new Set(batch.flatMap((row) => row.clients))];
  const befores = seen.beyond.map(({ before }) => before);
  const lasts = seen.beyond.map(({ last }) => last);
  return sql`exists (
      select 1 from board_updates u
      where u.board_id = ${board} and u.seq > ${seen.newest} and u.client_ids && ${clients}::bigint[]
        and not exists (select 1 from unnest(${befores}::bigint[], ${lasts}::bigint[]) as known (before, last)
                        where u.seq > known.before and u.seq <= known.last))`;
}
