import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { memoryBus } from '#server/platform/bus/memory.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';
import { nodeBeside } from './node-beside.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, newBoard, put, type Room, replay } from './support.ts';
import { TroubledStore } from './troubled-store.ts';

/* Commits of which nobody knows whether they stand, and edits that are sent a second time. */

let hub: TestHub;
/** Another node, which no word of the first reaches. */
let deaf: TestHub;
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
  deaf = await nodeBeside(hub, { bus: memoryBus(new Map()) });
});
afterAll(async () => {
  await deaf.stop();
  await stopBoardHubs();
});

async function freshRoom(): Promise<Room> {
  return { hub, operation, board: await newBoard(await hub.signIn('tan.wei'), operation) };
}

type Standing = { readonly officer: string | null; readonly brings: string[] };

/** What each change on the record brings, as client:clock. */
async function standing(room: Room): Promise<Standing[]> {
  return (await logOf(room))
    .filter(({ kind }) => kind === 'board.updated')
    .map(({ officer_id, payload }) => ({
      officer: officer_id,
      brings: Y.decodeUpdate(payload).structs.map(({ id }) => `${id.client}:${id.clock}`),
    }));
}

/** Each once, and each by its author. */
async function expectEachOnce(room: Room, authors: readonly [handle: string, doc: Y.Doc][]): Promise<void> {
  const entries = await standing(room);
  const all = entries.flatMap(({ brings }) => brings);
  expect(all.length).toBe(new Set(all).size);
  for (const [handle, doc] of authors) {
    const own = entries.filter(({ brings }) => brings.some((one) => one.startsWith(`${doc.clientID}:`)));
    expect(own.map(({ officer }) => officer)).toEqual(own.map(() => hub.officerId(handle)));
  }
}

const doubts = [
  { by: 'COMMIT', trouble: 'stands, unknown' },
  { by: 'COMMIT', trouble: 'lost, unknown' },
  { by: 'one statement', trouble: 'stands, unknown' },
  { by: 'one statement', trouble: 'lost, unknown' },
  { by: 'one statement', trouble: 'late, unknown' },
] as const;

test.each(doubts)(
  '[BD-4] [BD-40] a commit by $by of which nobody knows ($trouble) is found out, and stands once',
  async ({ by, trouble }) => {
    const room = await freshRoom();
    const author = await join(room, 'tan.wei');
    const reader = await join(room, 'chanida');
    if (by === 'one statement') {
      // Client ids are claimed in steps; from the second change on it is one statement.
      put(author.doc, 'claims');
      await author.acknowledged();
    }
    const before = (await standing(room)).length;
    const { met, metAtOnce } = troubled;
    troubled.troubles.push(trouble);
    put(author.doc, 'doubtful');
    await author.acknowledged();
    await eventually(() => has(reader.doc, 'doubtful'), 'the reader sees it');
    expect([troubled.met - met, troubled.metAtOnce - metAtOnce]).toEqual([1, by === 'COMMIT' ? 0 : 1]);
    expect((await standing(room)).length - before).toBe(1);
    expect(author.closed).toBeNull();
    await expectEachOnce(room, [['tan.wei', author.doc]]);
    expect(json(await replay(room))).toEqual(json(reader.doc));
  },
);

test.each(['stands, unknown', 'lost, unknown', 'late, unknown'] as const)(
  '[BD-4] [BD-40] a statement of which nobody knows (%s) is found out also when another node has written since',
  async (trouble) => {
    const room = await freshRoom();
    const author = await join(room, 'tan.wei');
    const other = await join(room, 'chanida', { url: deaf.url });
    put(other.doc, 'claims too');
    await other.acknowledged();
    put(author.doc, 'claims');
    await author.acknowledged();
    troubled.troubles.push(trouble);
    troubled.meanwhile = async () => {
      put(other.doc, 'meanwhile');
      await other.acknowledged();
    };
    put(author.doc, 'doubtful');
    await author.acknowledged();
    await eventually(() => has(author.doc, 'meanwhile') && has(other.doc, 'doubtful'), 'both have both');
    await expectEachOnce(room, [
      ['tan.wei', author.doc],
      ['chanida', other.doc],
    ]);
    expect([author.closed, other.closed, troubled.meanwhile]).toEqual([null, null, null]);
    expect(json(await replay(room))).toEqual(json(other.doc));
  },
);

test('[BD-40] what is sent again after a board was given up stands once, though the first comes later still', async () => {
  const room = await freshRoom();
  const author = await join(room, 'tan.wei');
  put(author.doc, 'claims');
  await author.acknowledged();
  troubled.troubles.push('late, given up');
  put(author.doc, 'late');
  await author.end();
  expect(author.closed?.code).toBe(1013);
  const again = await join(room, 'tan.wei', { doc: author.doc, answers: false });
  const reader = await join(room, 'chanida');
  const unsaved = Y.encodeStateAsUpdate(author.doc, Y.encodeStateVector(reader.doc));
  // It finds a record that has moved on, by the entry of those who came again at the latest.
  await troubled.arrive();
  again.sendUpdate(unsaved);
  await again.acknowledged();
  await eventually(() => has(reader.doc, 'late'), 'the reader is passed it');
  await expectEachOnce(room, [['tan.wei', author.doc]]);
  expect(again.closed).toBeNull();
  expect(json(await replay(room))).toEqual(json(reader.doc));
});

test('[BD-40] a change that reaches two nodes at once stands once', async () => {
  const room = await freshRoom();
  const here = await join(room, 'tan.wei');
  const there = await join(room, 'tan.wei', { url: deaf.url, doc: here.doc });
  for (let n = 0; n < 12; n++) {
    put(here.doc, `twice ${n}`);
    if (n % 3 === 0) await here.acknowledged();
  }
  await here.acknowledged();
  await there.acknowledged();
  await expectEachOnce(room, [['tan.wei', here.doc]]);
  expect([here.closed, there.closed]).toEqual([null, null]);
  expect(json(await replay(room))).toEqual(json(here.doc));
  here.hangUp();
  there.hangUp();
});

test('[BD-40] what was sent again to another node, while the first still held it, stands once', async () => {
  const room = await freshRoom();
  const author = await join(room, 'tan.wei');
  const other = await join(room, 'chanida');
  put(author.doc, 'claims');
  await author.acknowledged();
  put(other.doc, 'claims too');
  await other.acknowledged();
  troubled.troubles.push('hold');
  put(author.doc, 'held');
  await eventually(() => troubled.held === 1, 'the commit is held');
  put(other.doc, 'beside it');
  author.hangUp();
  const again = await join(room, 'tan.wei', { url: deaf.url, doc: author.doc });
  await again.acknowledged();
  expect(has(await replay(room), 'held')).toBe(true);
  troubled.release();
  await other.acknowledged();
  await eventually(() => has(other.doc, 'held'), 'the other is passed it');
  await expectEachOnce(room, [
    ['tan.wei', author.doc],
    ['chanida', other.doc],
  ]);
  expect(json(await replay(room))).toEqual(json(other.doc));
  expect(other.closed).toBeNull();
});

test('[BD-6] what another node committed is passed on also when it came in as the document was read again', async () => {
  const room = await freshRoom();
  const reader = await join(room, 'chanida', { url: deaf.url });
  const author = await join(room, 'tan.wei');
  const thief = await join(room, 'sari', { url: deaf.url });
  put(author.doc, 'unheard');
  await author.acknowledged();
  thief.doc.clientID = author.doc.clientID;
  // More than the author's one change: refused also when this node has looked at the record meanwhile.
  thief.doc.transact(() => {
    put(thief.doc, 'stolen');
    put(thief.doc, 'stolen too');
  });
  await thief.end();
  expect(thief.closed?.code).toBe(4422);
  await eventually(() => has(reader.doc, 'unheard'), 'the reader is passed it');
  expect(has(reader.doc, 'stolen')).toBe(false);
  expect(json(await replay(room))).toEqual(json(reader.doc));
});
