import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Board } from '#shared/contracts/boards.ts';
import type { Person } from '#shared/contracts/common.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { BoardId, CompartmentId, OfficerId } from '#shared/kernel/ids.ts';

export type BoardRow = {
  id: BoardId;
  title: string;
  compartment_id: CompartmentId;
  created_by: OfficerId;
  created_ms: number;
};

/** Of the reader's compartments, oldest first. */
export function boardsOf(tx: Tx, pass: RoomPass): Promise<BoardRow[]> {
  return rows(
    tx,
    sql`select id, title, compartment_id, created_by, created_ms from boards
        where operation_id = ${pass.operation} and compartment_id = any(${[...pass.compartments]}::text[])
        order by seq`,
  );
}

export async function countBoards(tx: Tx, pass: RoomPass): Promise<number> {
  const row = await oneRow<{ held: number }>(
    tx,
    sql`select count(*)::int as held from boards where operation_id = ${pass.operation}`,
  );
  return row?.held ?? 0;
}

/** A board with its first entry, the seed. */
export async function insertBoard(
  tx: Tx,
  pass: RoomPass,
  board: BoardRow & {
    readonly seq: number;
    readonly seed: { readonly seq: number; readonly size: number; readonly clients: readonly number[] };
  },
): Promise<void> {
  await sql`insert into boards (operation_id, id, title, compartment_id, created_by, created_ms, seq)
            values (${pass.operation}, ${board.id}, ${board.title}, ${board.compartment_id}, ${board.created_by},
                    ${board.created_ms}, ${board.seq})`.execute(tx);
  await sql`insert into board_updates (board_id, seq, client_ids, size)
            values (${board.id}, ${board.seed.seq}, ${[...board.seed.clients]}::bigint[], ${board.seed.size})`.execute(
    tx,
  );
}

export function presentBoard(row: BoardRow, createdBy: Person): Board {
  return {
    id: row.id,
    title: row.title,
    compartment: row.compartment_id,
    createdBy,
    createdAt: isoTime(row.created_ms),
  };
}
