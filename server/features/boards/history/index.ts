import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, work } from '#server/platform/http/commands.ts';
import { oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { headOf } from '#server/record/read.ts';
import { boardHistory, readBoardAt } from '#shared/contracts/boards.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { BoardId, OfficerId } from '#shared/kernel/ids.ts';

import type { Replay } from './on-worker.ts';

export { type Replay, replayOnWorker } from './on-worker.ts';

export type HistoryDeps = { readonly store: Store; readonly replay: Replay };

type UpdateRow = { seq: number; at_ms: number; officer_id: OfficerId | null; payload: Buffer };

/** What a board was at any entry and at any time, and who made it so: read from the record, never from the live document. [BD-30] */
export function historyHandlers({ store, replay }: HistoryDeps): Handler[] {
  return [
    work({
      call: readBoardAt,
      async work({ pass }, { boardId, seq, time }) {
        const until = time === undefined ? null : Date.parse(time);
        const read = await store.read(async (tx) => {
          await mustSee(tx, pass, boardId);
          return {
            asOf: (await headOf(tx, pass.operation))?.head ?? 0,
            updates: await updatesOf(
              tx,
              pass,
              boardId,
              sql`e.seq <= ${seq ?? Number.MAX_SAFE_INTEGER} and e.at_ms <= ${until ?? Number.MAX_SAFE_INTEGER}`,
            ),
          };
        });
        const { state } = await replay({
          base: read.updates.map(({ payload }) => payload),
          acts: [],
          wantState: true,
        });
        return { asOf: read.asOf, seq: read.updates.at(-1)?.seq ?? -1, board: state };
      },
    }),
    work({
      call: boardHistory,
      async work({ pass }, { boardId, before, limit }) {
        const read = await store.read(async (tx) => {
          await mustSee(tx, pass, boardId);
          const updates = await updatesOf(
            tx,
            pass,
            boardId,
            sql`e.seq < ${before ?? Number.MAX_SAFE_INTEGER}`,
          );
          const people = await peopleById(
            tx,
            updates.slice(-limit).flatMap(({ officer_id }) => officer_id ?? []),
          );
          return { asOf: (await headOf(tx, pass.operation))?.head ?? 0, updates, people };
        });
        const page = read.updates.slice(-limit);
        const base = read.updates.slice(0, read.updates.length - page.length).map(({ payload }) => payload);
        const { acts } = await replay({ base, acts: page.map(({ payload }) => payload), wantState: false });
        return {
          asOf: read.asOf,
          more: base.length > 0,
          acts: page
            .map((row, at) => ({
              seq: row.seq,
              at: isoTime(row.at_ms),
              by: row.officer_id === null ? null : (read.people.get(row.officer_id) ?? null),
              changes: [...(acts[at]?.changes ?? [])],
              sentences: [...(acts[at]?.sentences ?? [])],
            }))
            .reverse(),
        };
      },
    }),
  ];
}

async function mustSee(tx: Tx, pass: RoomPass, board: BoardId): Promise<void> {
  const found = await oneRow(
    tx,
    sql`select 1 from boards where operation_id = ${pass.operation} and id = ${board}
        and compartment_id = any(${[...pass.compartments]}::text[])`,
  );
  if (found === null) throw refuse('not.found');
}

function updatesOf(
  tx: Tx,
  pass: RoomPass,
  board: BoardId,
  where: ReturnType<typeof sql>,
): Promise<UpdateRow[]> {
  return rows(
    tx,
    sql`select e.seq, e.at_ms, e.officer_id, c.payload from board_updates u
        join entries e on e.log_id = ${pass.operation} and e.seq = u.seq
        join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where u.board_id = ${board} and ${where} order by e.seq`,
  );
}
