import { oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { BoardId, OfficerId, OperationId } from '#shared/kernel/ids.ts';

import { boardEngineLimits as limits } from '../limits.ts';
import { LiveDocument } from './live-document.ts';
import type { BoardPlace, RecordLife } from './types.ts';

/** A board as the record has it. `newest` is the seq of its newest entry, -1 before the first. */
export type Loaded = {
  readonly document: LiveDocument;
  readonly newest: number;
  readonly owners: Map<number, OfficerId>;
  /** Entries, and their bytes, since the checkpoint it was loaded from. */
  readonly since: { rows: number; bytes: number };
  /** Of that checkpoint; 0 without one. */
  readonly base: number;
};

export type StoredUpdate = { readonly seq: number; readonly payload: Uint8Array };

const page = 1000;

/** Newest checkpoint, then every later entry. Read in one snapshot; the connection is free again before the document is made. */
export async function loadBoard(store: Store, place: BoardPlace, clock: Clock): Promise<Loaded> {
  const { checkpoint, entries, owners } = await store.read(async (tx) => {
    const checkpoint = await newestCheckpoint(tx, place.board, Number.MAX_SAFE_INTEGER);
    const entries = await allAfter(tx, place, checkpoint?.seq ?? -1);
    return { checkpoint, entries, owners: await readOwners(tx, place.board) };
  });
  const updates = entries.map(({ payload }) => payload);
  return {
    document: await LiveDocument.read(checkpoint?.state ?? null, updates, clock),
    newest: entries.at(-1)?.seq ?? checkpoint?.seq ?? -1,
    owners,
    since: { rows: updates.length, bytes: updates.reduce((sum, { length }) => sum + length, 0) },
    base: checkpoint?.state.length ?? 0,
  };
}

/** At most a page, in order. Content by content: whatever the planner knows, a page costs its own rows and no others. */
export async function updatesAfter(tx: Tx, place: BoardPlace, seq: number): Promise<StoredUpdate[]> {
  return rows<StoredUpdate>(
    tx,
    sql`select u.seq, c.payload
        from (select seq from board_updates where board_id = ${place.board} and seq > ${seq}
              order by seq limit ${page}) as u
        cross join lateral (
          select payload from entry_contents where log_id = ${place.operation} and seq = u.seq offset 0
        ) as c
        order by u.seq`,
  );
}

/** Everything after `seq`, in one snapshot. */
export async function readAfter(store: Store, place: BoardPlace, seq: number): Promise<StoredUpdate[]> {
  return store.read((tx) => allAfter(tx, place, seq));
}

async function allAfter(tx: Tx, place: BoardPlace, seq: number): Promise<StoredUpdate[]> {
  const all: StoredUpdate[] = [];
  for (;;) {
    const some = await updatesAfter(tx, place, all.at(-1)?.seq ?? seq);
    all.push(...some);
    if (some.length < page) return all;
  }
}

async function readOwners(tx: Tx, board: BoardId): Promise<Map<number, OfficerId>> {
  const found = await rows<{ client_id: number; officer_id: OfficerId }>(
    tx,
    sql`select client_id, officer_id from board_clients where board_id = ${board}`,
  );
  return new Map(found.map((row) => [row.client_id, row.officer_id]));
}

/** Newest entry and present epoch of each open board, for healing what the bus lost. */
export async function readHeads(
  store: Store,
  boards: readonly BoardId[],
): Promise<Map<BoardId, { newest: number; epoch: number }>> {
  const found = await store.read((tx) =>
    rows<{ id: BoardId; epoch: number; newest: number | null }>(
      tx,
      sql`select b.id, l.epoch, (select max(u.seq) from board_updates u where u.board_id = b.id) as newest
          from boards b join logs l on l.id = b.operation_id where b.id = any(${boards}::text[])`,
    ),
  );
  return new Map(found.map((row) => [row.id, { newest: row.newest ?? -1, epoch: row.epoch }]));
}

/** Newest checkpoint below `seq` and everything after it up to and with `seq`, in one snapshot. */
export async function readForCheckpoint(
  store: Store,
  place: BoardPlace,
  seq: number,
): Promise<{ base: Uint8Array | null; updates: Uint8Array[] }> {
  return store.read(async (tx) => {
    const checkpoint = await newestCheckpoint(tx, place.board, seq);
    const updates: Uint8Array[] = [];
    for (let from = checkpoint?.seq ?? -1; ; ) {
      const some = (await updatesAfter(tx, place, from)).filter((one) => one.seq <= seq);
      updates.push(...some.map(({ payload }) => payload));
      from = some.at(-1)?.seq ?? seq;
      if (some.length < page) return { base: checkpoint?.state ?? null, updates };
    }
  });
}

function newestCheckpoint(
  tx: Tx,
  board: BoardId,
  upTo: number,
): Promise<{ seq: number; state: Uint8Array } | null> {
  return oneRow(
    tx,
    sql`select seq, state from board_checkpoints where board_id = ${board} and seq <= ${upTo}
        order by seq desc limit 1`,
  );
}

/** Idempotent by seq: two nodes may write the same one. Older ones go, the newest few stay. */
export async function writeCheckpoint(
  store: Store,
  board: BoardId,
  at: { readonly seq: number; readonly state: Uint8Array },
): Promise<void> {
  await store.write(async (tx) => {
    await sql`insert into board_checkpoints (board_id, seq, state)
              values (${board}, ${at.seq}, ${Buffer.from(at.state)}) on conflict do nothing`.execute(tx);
    await sql`delete from board_checkpoints where board_id = ${board} and seq not in (
                select seq from board_checkpoints where board_id = ${board}
                order by seq desc limit ${limits.checkpointsKept})`.execute(tx);
  });
}

/** A board, and in which life of its record it was found. */
export type Found = { readonly place: BoardPlace; readonly life: RecordLife };

export async function findBoard(store: Store, operation: OperationId, board: BoardId): Promise<Found | null> {
  return store.read(async (tx) => {
    const found = await oneRow<{
      compartment_id: BoardPlace['compartment'];
      doc_epoch: string;
      head: number;
    }>(
      tx,
      sql`select b.compartment_id, l.doc_epoch, l.head from boards b join logs l on l.id = b.operation_id
          where b.operation_id = ${operation} and b.id = ${board}`,
    );
    if (found === null) return null;
    const place = { operation, board, compartment: found.compartment_id };
    return { place, life: { docEpoch: found.doc_epoch, head: found.head } };
  });
}
