import { afterAll, beforeAll, expect, test } from 'vitest';

import { eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, openRoom, put, type Room, replay, stock } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(stopBoardHubs);

test('[BD-7] two stock y-websocket clients converge, and the record has the same board', async () => {
  const one = await stock(room, 'tan.wei');
  const two = await stock(room, 'chanida');
  put(one.doc, 'one');
  put(two.doc, 'two');
  await eventually(() => has(one.doc, 'two') && has(two.doc, 'one'), 'both see both');
  put(one.doc, 'three');
  await eventually(() => has(two.doc, 'three'), 'the second sees the third');
  expect(json(one.doc)).toEqual(json(two.doc));
  expect(json(await replay(room))).toEqual(json(one.doc));
  expect(one.ws?.protocol).toBe('');
  one.destroy();
  two.destroy();
});

test('[BD-7] a stock client brings what it wrote offline', async () => {
  const one = await stock(room, 'tan.wei');
  await eventually(() => one.synced, 'it is synced');
  one.disconnect();
  put(one.doc, 'offline');
  const two = await stock(room, 'chanida');
  one.connect();
  await eventually(() => has(two.doc, 'offline'), 'the other sees it');
  one.destroy();
  two.destroy();
});

test('[BD-5] a client that asked for it is told what is on the record, one that did not is not', async () => {
  const peer = await join(room, 'tan.wei');
  const silent = await join(room, 'chanida', { protocols: [] });
  expect([peer.ws.protocol, silent.ws.protocol]).toEqual(['muster-board.1', '']);
  put(peer.doc, 'acknowledged');
  put(peer.doc, 'again');
  await peer.acknowledged();
  put(silent.doc, 'silent');
  await eventually(() => has(peer.doc, 'silent'), 'the silent one is heard');
  const log = (await logOf(room)).filter(({ kind }) => kind === 'board.updated');
  const own = log.filter(({ seq }) => peer.acks.some(({ docSeq }) => docSeq === seq));
  expect(peer.acks.at(-1)?.clientSeq).toBe(peer.sent);
  expect(own.at(-1)?.officer_id).toBe(room.hub.officerId('tan.wei'));
  expect(silent.acks).toEqual([]);
  peer.hangUp();
  silent.hangUp();
});

test('[BD-2] each change is one entry of the officer whose connection sent it', async () => {
  const before = (await logOf(room)).length;
  const peer = await join(room, 'sari');
  put(peer.doc, 'of sari');
  await peer.acknowledged();
  const mine = (await logOf(room)).slice(before);
  const sari = room.hub.officerId('sari');
  expect(mine.map(({ kind, officer_id }) => [kind, officer_id])).toEqual([
    ['board.opened', sari],
    ['board.updated', sari],
  ]);
  peer.hangUp();
});
