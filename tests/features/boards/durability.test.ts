import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Operation, TestHub } from '#tests/support/hub.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, newBoard, put, type Room, replay } from './support.ts';
import { TroubledStore } from './troubled-store.ts';

let hub: TestHub;
let operation: Operation;
let troubled: TroubledStore;
beforeAll(async () => {
  hub = await startBoardHub({
    store(real) {
      troubled = new TroubledStore(real);
      return troubled.store;
    },
  });
  operation = await hub.operation('Glacier', { chanida: 'officer', sari: 'officer' });
});
afterAll(stopBoardHubs);

async function freshRoom(): Promise<Room> {
  return { hub, operation, board: await newBoard(await hub.signIn('tan.wei'), operation) };
}

async function updatesOnRecord(room: Room): Promise<number> {
  return (await logOf(room)).filter(({ kind }) => kind === 'board.updated').length;
}

test('[BD-1] [BD-3] until the commit is done nobody is told, shown or acknowledged the change', async () => {
  const room = await freshRoom();
  const author = await join(room, 'tan.wei');
  const reader = await join(room, 'chanida');
  const joiner = await join(room, 'sari');
  const answers = joiner.answers;
  troubled.troubles.push('hold');
  put(author.doc, 'held');
  await eventually(() => troubled.held === 1, 'the commit is held');
  joiner.ask();
  put(author.doc, 'behind it');
  const acks = author.lastAck;
  // Ten round trips of everything else that this process does.
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect([has(reader.doc, 'held'), has(joiner.doc, 'held'), joiner.answers, author.lastAck]).toEqual([
    false,
    false,
    answers,
    acks,
  ]);
  troubled.release();
  await author.acknowledged();
  await eventually(() => has(reader.doc, 'behind it') && joiner.answers > answers, 'everybody is told');
  expect(json(await replay(room))).toEqual(json(author.doc));
});

test('[BD-2] while a commit is in flight the next batch collects: one entry for each connection', async () => {
  const room = await freshRoom();
  const one = await join(room, 'tan.wei');
  const two = await join(room, 'chanida');
  const before = await updatesOnRecord(room);
  troubled.troubles.push('hold');
  put(one.doc, 'first');
  await eventually(() => troubled.held === 1, 'the commit is held');
  for (let n = 0; n < 20; n++) {
    put(one.doc, `one ${n}`);
    put(two.doc, `two ${n}`);
  }
  await eventually(() => one.ws.bufferedAmount === 0 && two.ws.bufferedAmount === 0, 'all is sent');
  await new Promise((resolve) => setTimeout(resolve, 50));
  troubled.release();
  await one.acknowledged();
  await two.acknowledged();
  expect((await updatesOnRecord(room)) - before).toBe(3);
});

test('[BD-4] a refused commit sends the sockets away to come again, and loses what nobody was shown', async () => {
  const room = await freshRoom();
  const author = await join(room, 'tan.wei');
  const reader = await join(room, 'chanida');
  put(reader.doc, 'kept');
  await reader.acknowledged();
  troubled.troubles.push('refuse');
  put(author.doc, 'unlucky');
  await author.end();
  await reader.end();
  expect([author.closed?.code, reader.closed?.code]).toEqual([1013, 1013]);
  expect(has(reader.doc, 'unlucky')).toBe(false);
  const again = await join(room, 'tan.wei', { doc: author.doc });
  const fresh = await join(room, 'chanida');
  await again.acknowledged();
  await eventually(() => has(fresh.doc, 'unlucky') && has(fresh.doc, 'kept'), 'the second try is seen');
  expect(json(await replay(room))).toEqual(json(fresh.doc));
});

test('[BD-22] a board that was left and joined again is the same board', async () => {
  const room = await freshRoom();
  for (let n = 0; n < 15; n++) {
    const peer = await join(room, n % 2 === 0 ? 'tan.wei' : 'sari');
    put(peer.doc, `visit ${n}`);
    if (n % 3 === 0) await peer.acknowledged();
    else await eventually(() => peer.ws.bufferedAmount === 0, 'it is sent');
    peer.hangUp();
  }
  const last = await join(room, 'chanida');
  expect(json(await replay(room))).toEqual(json(last.doc));
});
