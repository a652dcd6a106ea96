import { peopleById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, work } from '#server/platform/http/commands.ts';
import { oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { headOf } from '#server/record/read.ts';
import { boardHistory, readBoardAt } from '#shared/contracts/boards.ts';
import type { BodyOf, ReplyOf } from '#shared/contracts/contract.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { BoardId, OfficerId } from '#shared/kernel/ids.ts';

import type { Replay } from './on-worker.ts';

export { type Replay, replayOnWorker } from './on-worker.ts';

export type HistoryDeps = { readonly store: Store; readonly replay: Replay };

type Where = ReturnType<typeof sql>;
type UpdateRow = { seq: number; at_ms: number; officer_id: OfficerId | null; payload: Buffer };

/** What a board was at any entry and at any time, and who made it so: read from the record, never from the live document. [BD-30] */
export function historyHandlers(deps: HistoryDeps): Handler[] {
  return [
    work({ call: readBoardAt, work: ({ pass }, input) => readAt(deps, pass, input) }),
    work({ call: boardHistory, work: ({ pass }, input) => readActs(deps, pass, input) }),
  ];
}

async function readAt(
  { store, replay }: HistoryDeps,
  pass: RoomPass,
  { boardId, seq, time }: BodyOf<typeof readBoardAt>,
): Promise<ReplyOf<typeof readBoardAt>> {
  const until = time === undefined ? null : Date.parse(time);
  const where = sql`e.seq <= ${seq ?? Number.MAX_SAFE_INTEGER} and e.at_ms <= ${until ?? Number.MAX_SAFE_INTEGER}`;
  const { asOf, updates } = await readUpdates(store, pass, { board: boardId, where });
  const { state } = await replay({
    base: updates.map(({ payload }) => payload),
    acts: [],
    wantState: true,
  });
  return { asOf, seq: updates.at(-1)?.seq ?? -1, board: state };
}

async function readActs(
  { store, replay }: HistoryDeps,
  pass: RoomPass,
  { boardId, before, limit, record }: BodyOf<typeof boardHistory>,
): Promise<ReplyOf<typeof boardHistory>> {
  const where = sql`e.seq < ${before ?? Number.MAX_SAFE_INTEGER}`;
  const { asOf, updates } = await readUpdates(store, pass, { board: boardId, where });
  // About one record every act has to be looked at; otherwise only those that are told.
  const page = record === undefined ? updates.slice(-limit) : updates;
  const base = updates.slice(0, updates.length - page.length);
  const told = await replay({
    base: base.map(({ payload }) => payload),
    acts: page.map(({ payload }) => payload),
    ...(record === undefined ? {} : { about: { record, most: limit } }),
    wantState: false,
  });
  const acts = told.acts.flatMap(({ at, ...act }) => {
    const row = page[at];
    return row === undefined ? [] : [{ ...act, row }];
  });
  const people = await store.read((tx) =>
    peopleById(
      tx,
      acts.flatMap(({ row }) => row.officer_id ?? []),
    ),
  );
  return {
    asOf,
    more: told.more || base.length > 0,
    acts: acts
      .map(({ row, changes, sentences }) => ({
        seq: row.seq,
        at: isoTime(row.at_ms),
        by: row.officer_id === null ? null : (people.get(row.officer_id) ?? null),
        changes: [...changes],
        sentences: [...sentences],
      }))
      .reverse(),
  };
}

function readUpdates(store: Store, pass: RoomPass, { board, where }: { board: BoardId; where: Where }) {
  return store.read(async (tx) => {
    await mustSee(tx, pass, board);
    const asOf = (await headOf(tx, pass.operation))?.head ?? 0;
    return { asOf, updates: await updatesOf(tx, pass, board, where) };
  });
}

async function mustSee(tx: Tx, pass: RoomPass, board: BoardId): Promise<void> {
  const found = await oneRow(
    tx,
    sql`select 1 from boards where operation_id = ${pass.operation} and id = ${board}
        and compartment_id = any(${[...pass.compartments]}::text[])`,
  );
  if (found === null) throw refuse('not.found');
}

function updatesOf(tx: Tx, pass: RoomPass, board: BoardId, where: Where): Promise<UpdateRow[]> {
  return rows(
    tx,
    sql`select e.seq, e.at_ms, e.officer_id, c.payload from board_updates u
        join entries e on e.log_id = ${pass.operation} and e.seq = u.seq
        join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where u.board_id = ${board} and ${where} order by e.seq`,
  );
}
