import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { BoardPeer, eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { boardUrl, has, join, json, logOf, openRoom, put, type Room, replay } from './support.ts';

let room: Room;
let witness: BoardPeer;
beforeAll(async () => {
  room = await openRoom();
  witness = await join(room, 'tan.wei');
});
afterAll(stopBoardHubs);

/** After anything hostile the others work on, and the record replays to what they see. */
async function expectUnharmed(key: string): Promise<void> {
  put(witness.doc, key);
  await witness.acknowledged();
  const fresh = await join(room, 'sari');
  expect([witness.closed, has(fresh.doc, key)]).toEqual([null, true]);
  expect(json(fresh.doc)).toEqual(json(await replay(room)));
  fresh.hangUp();
}

test.each([
  ['a padded number', Uint8Array.from([0x80, 0x00, 0x02, 0x02, 0x00, 0x00]), 4400, 'bad.frame'],
  ['trailing bytes', Uint8Array.from([0, 2, 2, 0, 0, 9]), 4400, 'bad.frame'],
  ['a type only the hub sends', Uint8Array.from([100, 1, 1]), 4400, 'bad.frame'],
  ['text', 'hello', 4400, 'bad.frame'],
  ['a malformed update', Uint8Array.from([0, 2, 3, 1, 1, 1]), 4422, 'update.invalid'],
  [
    'an update over 256 KB',
    Uint8Array.from([0, 2, 0x80, 0x80, 0x14, ...new Uint8Array(327_680)]),
    4413,
    'too.large',
  ],
])('[BD-16] %s is refused, and the others notice nothing', async (name, frame, code, reason) => {
  const hostile = await join(room, 'chanida');
  hostile.raw(frame);
  await hostile.end();
  expect([hostile.closed, hostile.rejects]).toEqual([{ code, reason }, [reason]]);
  await expectUnharmed(`after ${name}`);
});

test('[BD-10] [BD-16] a change that breaks the document is thrown away with it, and one entry says so', async () => {
  const before = (await logOf(room)).filter(({ kind }) => kind === 'board.refused').length;
  const hostile = await join(room, 'chanida');
  const honest = await join(room, 'sari');
  hostile.doc.getMap('meta').set('schema', 99);
  put(honest.doc, 'at the same time');
  await hostile.end();
  await honest.acknowledged();
  expect(hostile.closed).toEqual({ code: 4422, reason: 'update.invalid' });
  await expectUnharmed('after poison');
  const refused = (await logOf(room)).filter(({ kind }) => kind === 'board.refused');
  expect(refused.length).toBe(before + 1);
  honest.hangUp();
});

test('[BD-12] after a gap the client is asked again and its answer closes it; a second gap sends it away', async () => {
  const doc = new Y.Doc();
  const updates: Uint8Array[] = [];
  doc.on('update', (update: Uint8Array) => updates.push(update));
  for (const key of ['gap 1', 'gap 2', 'gap 3']) put(doc, key);
  const patient = await join(room, 'chanida', { answers: false });
  patient.sendUpdate(updates[2] ?? new Uint8Array());
  await eventually(() => patient.asked === 2, 'it is asked again');
  expect([patient.closed, patient.lastAck, has(witness.doc, 'gap 3')]).toEqual([null, 0, false]);
  Y.applyUpdate(patient.doc, Y.encodeStateAsUpdate(doc), patient);
  const state = Y.encodeStateAsUpdate(doc);
  patient.raw(Uint8Array.from([0, 1, ...varint(state.length), ...state]));
  await eventually(() => patient.lastAck === 2, 'its answer is acknowledged');
  await eventually(() => has(witness.doc, 'gap 3') && has(witness.doc, 'gap 1'), 'all is here');
  const gap = new Y.Doc();
  const more: Uint8Array[] = [];
  gap.on('update', (update: Uint8Array) => more.push(update));
  put(gap, 'a');
  put(gap, 'b');
  const second = more[1] ?? new Uint8Array();
  patient.raw(Uint8Array.from([0, 1, ...varint(second.length), ...second]));
  await patient.end();
  expect(patient.closed).toEqual({ code: 1013, reason: 'update.gap' });
});

test('[BD-7] without Origin or session there is no socket at all', async () => {
  const url = boardUrl(room);
  const stranger = new BoardPeer({ url, origin: room.hub.url, cookie: null });
  const { cookie } = await room.hub.signIn('tan.wei');
  const elsewhere = new BoardPeer({ url, origin: 'https://elsewhere.example', cookie });
  await stranger.end();
  await elsewhere.end();
  expect([stranger.closed?.code, elsewhere.closed?.code]).toEqual([1006, 1006]);
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}
