import { afterAll, expect, test } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import { boardEngineTimes as times } from '#server/features/boards/limits.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';
import type { TestHub } from '#tests/support/hub.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, newBoard, openRoom, peerOf, put, replay } from './support.ts';

afterAll(stopBoardHubs);

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

async function figures({ url }: TestHub): Promise<(name: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (name) => Number(new RegExp(`^muster_board_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Boards are read slowly, and half of the time not at all. */
function slowAndFailing(dice: ReturnType<typeof seededRandom>): (real: Store) => Store {
  return (real) => ({
    ...real,
    async read(work) {
      const result = await real.read(work);
      if (typeof result !== 'object' || result === null || !('document' in result)) return result;
      await new Promise((resolve) => setTimeout(resolve, dice.below(40)));
      if (troubled && dice.below(2) === 0) throw new Error('connection terminated unexpectedly');
      return result;
    },
  });
}

let troubled = true;

test(`[BD-22] [BD-28] boards joined and left all the time, on a slow and failing store, neither leak nor fork (seed ${seed})`, async () => {
  const dice = seededRandom(seed);
  // Half a minute without anybody is over at once here.
  const clock = {
    now: () => systemClock.now(),
    after: (delay: number, act: () => void) =>
      systemClock.after(delay === times.idleGrace ? dice.below(20) : delay, act),
  };
  const hub = await startBoardHub({ clock, store: slowAndFailing(dice) });
  const room = await openRoom({ chanida: 'officer' }, hub);
  const [lead, other] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const boards = [room.board, await newBoard(lead, room.operation), await newBoard(lead, room.operation)];
  const acknowledged: { at: (typeof boards)[number]; key: string }[] = [];
  const visit = async (n: number) => {
    const at = dice.one(boards);
    const peer = peerOf({ ...room, board: at }, dice.one([lead, other]));
    const key = `visit ${n}`;
    const patience = dice.below(2) === 0 ? dice.below(150) : 5_000;
    const over = performance.now() + patience;
    await eventually(() => peer.synced || peer.closed !== null || performance.now() > over, 'it is decided');
    if (peer.synced && peer.closed === null) {
      put(peer.doc, key);
      await eventually(() => peer.lastAck === peer.sent || peer.closed !== null, 'it is acknowledged');
      if (peer.lastAck === peer.sent) acknowledged.push({ at, key });
    }
    peer.hangUp();
  };
  for (let n = 0; n < 120; n += 6) {
    await Promise.all(Array.from({ length: 6 }, (_, one) => visit(n + one)));
    await new Promise((resolve) => setTimeout(resolve, dice.below(50)));
  }
  troubled = false;
  expect(acknowledged.length).toBeGreaterThan(5);
  for (const at of boards) {
    const doc = await replay({ ...room, board: at });
    for (const { key } of acknowledged.filter((one) => one.at === at))
      expect([key, has(doc, key)]).toEqual([key, true]);
  }
  let left = await figures(hub);
  for (
    const end = performance.now() + 8_000;
    performance.now() < end && left('boards') + left('sockets') > 0;
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    left = await figures(hub);
  }
  expect([left('boards'), left('bytes'), left('sockets'), left('inbox')]).toEqual([0, 0, 0, 0]);
}, 60_000);

test('[BD-29] /metrics has the figures of the boards', async () => {
  const hub = await startBoardHub();
  const room = await openRoom(undefined, hub);
  const peer = peerOf(room, await hub.signIn('tan.wei'));
  await peer.ready();
  // The answer to the hub's question may still be on its way: it comes into the first commit, or before it.
  put(peer.doc, 'first');
  await peer.acknowledged();
  const before = await figures(hub);
  put(peer.doc, 'counted');
  await peer.acknowledged();
  const now = await figures(hub);
  const said = (name: string) => (name.endsWith('_total') ? now(name) - before(name) : now(name));
  expect(
    [
      'boards',
      'sockets',
      'stale',
      'inbox',
      'behind',
      'commits_total',
      'edits_total',
      'gaps_healed_total',
      'discards_total',
      'ghosts_total',
    ].map((name) => [name, said(name)]),
  ).toEqual([
    ['boards', 1],
    ['sockets', 1],
    ['stale', 0],
    ['inbox', 0],
    ['behind', 0],
    ['commits_total', 1],
    ['edits_total', 1],
    ['gaps_healed_total', 0],
    ['discards_total', 0],
    ['ghosts_total', 0],
  ]);
  const counts = ['commit', 'broadcast', 'load'].map((name) => `${name}_seconds_count`);
  expect(counts.map((name) => now(name) - before(name))).toEqual([1, 1, 0]);
  expect(now('load_seconds_count')).toBe(1);
  peer.hangUp();
});
