import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { writeCheckpoint } from '#server/features/boards/engine/board-log.ts';
import { buildState, stateJob } from '#server/features/boards/engine/checkpoints/build-state.ts';
import { slicesOf } from '#server/features/boards/engine/checkpoints/slices.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { asId, type BoardId } from '#shared/kernel/ids.ts';
import { fillBoard } from './fill.ts';
import { eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, openRoom, put, type Room, replay } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(stopBoardHubs);

type Kept = { readonly seq: number; readonly state: Buffer };

function kept(): Promise<Kept[]> {
  return room.hub.store.read((tx) =>
    rows<Kept>(
      tx,
      sql`select seq, state from board_checkpoints where board_id = ${room.board.id} order by seq`,
    ),
  );
}

test('[BD-23] after 500 entries a checkpoint is kept, and it is what the record gives at that entry', async () => {
  await fillBoard(room, { cards: 40, edits: 700 });
  const peer = await join(room, 'tan.wei');
  let found: Kept[] = [];
  await eventually(() => {
    void kept().then((now) => {
      found = now;
    });
    return found.length > 0;
  }, 'there is a checkpoint');
  const [{ seq, state } = { seq: -1, state: Buffer.alloc(0) }] = found;
  const [fromRecord, fromCheckpoint] = [new Y.Doc(), new Y.Doc()];
  for (const entry of await logOf(room)) {
    if (entry.kind === 'board.updated' && entry.seq <= seq) Y.applyUpdate(fromRecord, entry.payload);
  }
  for (const slice of slicesOf(state)) Y.applyUpdateV2(fromCheckpoint, slice);
  expect(Y.encodeStateVector(fromCheckpoint)).toEqual(Y.encodeStateVector(fromRecord));
  expect(json(fromCheckpoint)).toEqual(json(fromRecord));
  peer.hangUp();
});

test('[BD-23] one seq has one checkpoint, and the last three stay', async () => {
  const board = asId<BoardId>(room.board.id);
  const before = (await kept()).map(({ seq }) => seq);
  const state = new Uint8Array([0, 0]);
  for (const seq of [9_001, 9_002, 9_002, 9_003]) {
    await writeCheckpoint(room.hub.store, board, { seq, state });
  }
  expect([before.length, (await kept()).map(({ seq }) => seq)]).toEqual([1, [9_001, 9_002, 9_003]]);
  await room.hub.store.write((tx) => sql`delete from board_checkpoints`.execute(tx));
});

test('[BD-23] the cache can be deleted at any time', async () => {
  const peer = await join(room, 'sari');
  put(peer.doc, 'after all');
  await peer.acknowledged();
  const late = await join(room, 'chanida');
  expect(json(late.doc)).toEqual(json(await replay(room)));
  expect(has(late.doc, 'after all') && has(late.doc, 'card 39')).toBe(true);
  for (const one of [peer, late]) one.hangUp();
});

test('[BD-23] a state is made of a checkpoint and what follows, and never of a record with a gap', () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (let n = 0; n < 30; n++) put(doc, `key ${n % 7}`, n);
  const half = buildState(stateJob(null, updates.slice(0, 15)));
  expect(buildState(stateJob(half, updates.slice(15)))).toEqual(buildState(stateJob(null, updates)));
  expect(() => buildState(stateJob(half, updates.slice(16)))).toThrow('gap');
});
