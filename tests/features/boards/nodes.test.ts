import { afterAll, beforeAll, expect, test } from 'vitest';

import { memoryBus } from '#server/platform/bus/memory.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import type { TestHub } from '#tests/support/hub.ts';
import { nodeBeside } from './node-beside.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, join, json, openRoom, put, type Room, replay } from './support.ts';

let room: Room;
let second: TestHub;
const exchange = new Map();
beforeAll(async () => {
  const first = await startBoardHub({ bus: memoryBus(exchange) });
  room = await openRoom(undefined, first);
  second = await nodeBeside(first, { bus: memoryBus(exchange) });
});
afterAll(async () => {
  await second.stop();
  await stopBoardHubs();
});

test('[BD-6] two nodes serve one board: each passes on what the other committed', async () => {
  const here = await join(room, 'tan.wei');
  const there = await join(room, 'chanida', { url: second.url });
  for (let n = 0; n < 10; n++) {
    put(here.doc, `here ${n}`);
    put(there.doc, `there ${n}`);
  }
  await here.acknowledged();
  await there.acknowledged();
  await eventually(() => has(here.doc, 'there 9') && has(there.doc, 'here 9'), 'both have both');
  expect(json(here.doc)).toEqual(json(there.doc));
  expect(json(await replay(room))).toEqual(json(here.doc));
  here.hangUp();
  there.hangUp();
});

test('[BD-6] with the bus down the nodes still meet within seconds', async () => {
  const deaf = await nodeBeside(room.hub, { bus: memoryBus(new Map()) });
  const here = await join(room, 'tan.wei');
  const there = await join(room, 'sari', { url: deaf.url });
  put(here.doc, 'unannounced');
  await here.acknowledged();
  await eventually(() => has(there.doc, 'unannounced'), 'the other node has it');
  here.hangUp();
  await deaf.stop();
  await there.end();
});

test('[BD-26] who is at the board on one node is seen on the other, under the name of their session', async () => {
  const here = await join(room, 'tan.wei');
  const there = await join(room, 'chanida', { url: second.url });
  const state = (clock: number, value: object | null) => [
    { client: there.doc.clientID, clock, state: JSON.stringify(value) },
  ];
  const seen = (by: typeof here) =>
    by.presence.findLast(({ client }) => client === there.doc.clientID)?.state;
  there.sendPresence(state(1, { cursor: { x: 1 }, user: { name: 'Somebody Else' } }));
  await eventually(() => seen(here) !== undefined, 'it is seen on the other node');
  expect(seen(here)).toMatchObject({ cursor: { x: 1 }, user: { name: 'Chanida Prasert', desk: 'TH-CCIB' } });
  const late = await join(room, 'bruno');
  await eventually(() => seen(late) !== undefined, 'whoever comes later sees it too');
  there.hangUp();
  await eventually(() => seen(here) === null, 'it goes with the socket');
  here.hangUp();
  late.hangUp();
});

test('[BD-14] a removal on one node ends commits on every node', async () => {
  const lead = await room.hub.signIn('tan.wei');
  const removed = await join(room, 'sari', { url: second.url });
  put(removed.doc, 'before');
  await removed.acknowledged();
  await lead.must('POST', `/operations/${room.operation.id}/members/${room.hub.officerId('sari')}/remove`, {
    reason: 'Left the desk.',
  });
  put(removed.doc, 'after');
  await removed.end();
  expect(removed.closed).toEqual({ code: 4401, reason: 'membership.ended' });
  expect(has(await replay(room), 'after')).toBe(false);
});

test('[BD-11] a client id claimed on one node is claimed on all', async () => {
  const owner = await join(room, 'tan.wei');
  put(owner.doc, 'owned');
  await owner.acknowledged();
  const thief = await join(room, 'chanida', { url: second.url });
  thief.doc.clientID = owner.doc.clientID;
  put(thief.doc, 'stolen');
  await thief.end();
  expect(thief.closed).toEqual({ code: 4422, reason: 'update.foreign' });
  const owners = await room.hub.store.read((tx) =>
    rows<{ officer_id: string }>(
      tx,
      sql`select officer_id from board_clients where client_id = ${owner.doc.clientID}`,
    ),
  );
  expect(owners).toEqual([{ officer_id: room.hub.officerId('tan.wei') }]);
  owner.hangUp();
});

test('[BD-24] a node that stops finishes its commits and sends everybody to come again', async () => {
  const peer = await join(room, 'tan.wei', { url: second.url });
  put(peer.doc, 'last words');
  await peer.acknowledged();
  await second.stop();
  await peer.end();
  expect(peer.closed).toEqual({ code: 1012, reason: 'hub.stopping' });
  expect(has(await replay(room), 'last words')).toBe(true);
});
