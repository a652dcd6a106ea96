import { afterAll, beforeAll, expect, test } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import { boardEngineTimes as times } from '#server/features/boards/limits.ts';
import { sql } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Operation, TestHub } from '#tests/support/hub.ts';

import { type BoardPeer, eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, newBoard, put, type Room, replay } from './support.ts';
import { TroubledStore } from './troubled-store.ts';

/* Boards of several operations, committed together. */

let hub: TestHub;
let troubled: TroubledStore;
/** No statement takes long before the test says so. */
let loseFirstPatience: () => void = () => undefined;
beforeAll(async () => {
  const clock: Clock = {
    now: () => systemClock.now(),
    after(delay, act) {
      if (delay !== times.statementPatience) return systemClock.after(delay, act);
      loseFirstPatience = act;
      return () => undefined;
    },
  };
  hub = await startBoardHub({
    clock,
    store(real) {
      troubled = new TroubledStore(real);
      return troubled.store;
    },
  });
});
afterAll(stopBoardHubs);

async function figure(name: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  return Number(new RegExp(`^muster_board_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

type Desk = { readonly room: Room; readonly author: BoardPeer };

/** The one that is held is in an operation of the others. */
type Desks = { readonly held: Desk; readonly others: readonly Desk[] };

/** Two boards in each of two operations and one more, on each an author who has written there before; `first` is that of the first other. */
async function desks(first = 'tan.wei'): Promise<Desks> {
  const operations = [
    await hub.operation('Glacier', { chanida: 'officer' }),
    await hub.operation('Moraine', { chanida: 'officer' }),
  ];
  const all: Desk[] = [];
  for (const operation of [operations[0], ...operations, ...operations] as Operation[]) {
    const room = { hub, operation, board: await newBoard(await hub.signIn('tan.wei'), operation) };
    const author = await join(room, all.length === 1 ? first : 'tan.wei');
    // Client ids are claimed in steps, after which the node knows where the record is.
    for (const key of ['claims', 'again']) {
      put(author.doc, key);
      await author.acknowledged();
    }
    all.push({ room, author });
  }
  const [held, ...others] = all as [Desk, ...Desk[]];
  return { held, others };
}

function leave({ held, others }: Desks): void {
  for (const { author } of [held, ...others]) author.hangUp();
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  let held = false;
  await eventually(() => {
    void holds().then((now) => {
      held = now;
    });
    return held;
  }, what);
}

/** Everybody writes while the commit of one is held: what they write has gathered behind it. How many statements were sent. */
async function gather({ held, others }: Desks, wrote: string): Promise<number> {
  troubled.troubles.push('hold');
  put(held.author.doc, 'held');
  await eventually(() => troubled.held === 1, 'a commit is held');
  for (const { author } of others) put(author.doc, wrote);
  await until(async () => (await figure('gathered')) === others.length, 'all others have gathered');
  return figure('statements_total');
}

/** The layout of the hub, the two changes before, and this one once. */
async function expectStands({ room, author }: Desk, key: string): Promise<void> {
  const entries = (await logOf(room)).filter(({ kind }) => kind === 'board.updated');
  expect(entries).toHaveLength(4);
  const board = await replay(room);
  expect([has(board, key), author.closed]).toEqual([true, null]);
  expect(json(board)).toEqual(json(author.doc));
}

test('[BD-53] [BD-1] what boards of several operations bring during a commit stands by one statement more', async () => {
  const all = await desks();
  const before = await gather(all, 'together');
  expect(
    await Promise.all(all.others.map(({ room }) => replay(room).then((doc) => has(doc, 'together')))),
  ).toEqual(all.others.map(() => false));
  troubled.release();
  for (const { author } of [all.held, ...all.others]) await author.acknowledged();
  expect((await figure('statements_total')) - before).toBe(1);
  await expectStands(all.held, 'held');
  for (const desk of all.others) await expectStands(desk, 'together');
  leave(all);
});

test('[BD-53] [BD-14] one session that is over is sent away, and everybody else of its operation and the others stands', async () => {
  const all = await desks('chanida');
  const [first, ...rest] = all.others as [Desk, ...Desk[]];
  await gather(all, 'with one less');
  await hub.store.write((tx) =>
    sql`update sessions set ended_ms = 1, ended_why = 'test' where officer_id = ${hub.officerId('chanida')}`.execute(
      tx,
    ),
  );
  troubled.release();
  await first.author.end();
  for (const { author } of [all.held, ...rest]) await author.acknowledged();
  expect(has(await replay(first.room), 'with one less')).toBe(false);
  expect(first.author.rejects).toEqual(['session.ended']);
  for (const desk of rest) await expectStands(desk, 'with one less');
  leave(all);
});

test('[BD-53] [BD-4] of one lost answer every board finds out for itself what stands, and nothing stands twice', async () => {
  for (const trouble of ['stands, unknown', 'lost, unknown'] as const) {
    const all = await desks();
    await gather(all, trouble);
    troubled.troubles.push(trouble);
    troubled.release();
    for (const { author } of [all.held, ...all.others]) await author.acknowledged();
    for (const desk of all.others) await expectStands(desk, trouble);
    leave(all);
  }
});

test('[BD-53] a statement that does not come back is not waited for', async () => {
  const all = await desks();
  await gather(all, 'not waiting');
  loseFirstPatience();
  for (const { author } of all.others) await author.acknowledged();
  expect(troubled.held).toBe(1);
  for (const desk of all.others) await expectStands(desk, 'not waiting');
  troubled.release();
  await all.held.author.acknowledged();
  await expectStands(all.held, 'held');
  leave(all);
});

test('[BD-53] what the store refuses of one is tried again of each, and stands where it can', async () => {
  const all = await desks();
  await gather(all, 'one by one');
  troubled.troubles.push('refuse');
  troubled.release();
  for (const { author } of [all.held, ...all.others]) await author.acknowledged();
  for (const desk of all.others) await expectStands(desk, 'one by one');
  leave(all);
});
