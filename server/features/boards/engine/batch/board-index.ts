import type { Recorded } from '#server/platform/facts.ts';
import { anyLength, type RawBuilder, sql } from '#server/platform/storage/store.ts';

import type { BoardPlace } from '../types.ts';
import type { Batch } from './commit-rows.ts';

/** Which entries are changes of which board, with the client ids that they are under: a row for each row of the batches. */
export function indexRows(
  batches: readonly Batch[],
  recorded: readonly (readonly Recorded[])[],
): RawBuilder<unknown> {
  const lines = batches.flatMap(({ place, batch }, at) =>
    batch.map((row, index) => ({ row, place, seq: recorded[at]?.[index]?.seq ?? null })),
  );
  const column = <T>(of: (one: (typeof lines)[number]) => T): T[] => lines.map(of);
  return sql`select t.log_id, t.board as board_id, t.seq, t.clients::bigint[] as client_ids, t.size
      from unnest(${anyLength(
        column(({ place }) => place.operation),
        'text',
      )}, ${anyLength(
        column(({ place }) => place.board),
        'text',
      )},
                  ${anyLength(
                    column(({ seq }) => seq),
                    'bigint',
                  )}, ${anyLength(
                    column(({ row }) => `{${row.clients.join(',')}}`),
                    'text',
                  )},
                  ${anyLength(
                    column(({ row }) => row.update.length),
                    'integer',
                  )}) as t (log_id, board, seq, clients, size)`;
}

/** `(log_id, place, before)`: of the board of each batch the newest entry, as it was when the statement began; -1 before the first. */
export function newestBelow(places: readonly BoardPlace[]): RawBuilder<unknown> {
  return sql`select t.log_id, t.place, (select coalesce(max(seq), -1) from board_updates where board_id = t.board) as before
      from unnest(${anyLength(
        places.map(({ operation }) => operation),
        'text',
      )}, ${anyLength(
        places.map(({ board }) => board),
        'text',
      )},
                  ${anyLength(
                    places.map((_, at) => at),
                    'integer',
                  )}) as t (log_id, board, place)`;
}
