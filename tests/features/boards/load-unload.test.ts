import { afterAll, expect, test } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import { boardEngineTimes as times } from '#server/features/boards/limits.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { seededRandom } from '#tests/convergence/seeded-random.ts';
import type { TestHub } from '#tests/support/hub.ts';
import { countingClock, watchLoads } from './load-watch.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, newBoard, openRoom, peerOf, put, replay } from './support.ts';

afterAll(stopBoardHubs);

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

async function figures({ url }: TestHub): Promise<(name: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return (name) => Number(new RegExp(`^muster_board_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Visits of the hammer; `npm run faults -- --faults load --rounds N` asks for more. */
const visits = Number(process.env.LOAD_VISITS ?? 150);
/**
 * Timers of a hub at rest that may be there at one look and not at the other: the thread that made checkpoints and the one that read words wait to
 * be ended; the signer and the follower of words rest, or are at work.
 */
const besides = 4;
type Dice = ReturnType<typeof seededRandom>;
type Trouble = { on: boolean; failed: number };

/** Boards are read slowly, and half of the time not at all; what is committed takes its time. */
function slowAndFailing(dice: Dice, trouble: Trouble): (real: Store) => Store {
  return (real) => ({
    ...real,
    async read(work) {
      const result = await real.read(work);
      if (!isBoard(result)) return result;
      await pause(dice.below(40));
      if (!trouble.on || dice.below(2) === 0) return result;
      trouble.failed += 1;
      throw new Error('connection terminated unexpectedly');
    },
    async write(work) {
      if (trouble.on) await pause(dice.below(15));
      return real.write(work);
    },
  });
}

/** What a board is made of, as it is read for its opening. */
function isBoard(read: unknown): boolean {
  return typeof read === 'object' && read !== null && 'entries' in read && 'owners' in read;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test(`[BD-22] [BD-28] boards joined and left every 0 to 50 ms, on a slow and failing store, neither leak nor fork nor come up empty (${visits} visits, seed ${seed})`, {
  timeout: 60_000 + visits * 500,
}, async () => {
  const dice = seededRandom(seed);
  const watch = watchLoads();
  const trouble = { on: true, failed: 0 };
  // Half a minute without anybody is over at once here.
  const clock = countingClock(systemClock, (delay) => (delay === times.idleGrace ? dice.below(20) : delay));
  const hub = await startBoardHub({ clock, store: slowAndFailing(dice, trouble) });
  const room = await openRoom({ chanida: 'officer' }, hub);
  const [lead, other] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const boards = [room.board, await newBoard(lead, room.operation), await newBoard(lead, room.operation)];
  const atRest = clock.waiting();
  const acknowledged: { at: (typeof boards)[number]; key: string }[] = [];
  const empty: string[] = [];
  const visit = async (n: number) => {
    const at = dice.one(boards);
    const stood = acknowledged.filter((one) => one.at === at);
    const peer = peerOf({ ...room, board: at }, dice.one([lead, other]));
    // Some have left before anything could be read; some leave with an edit on its way.
    const over = performance.now() + dice.one([0, 20, 150, 5_000, 5_000]);
    await eventually(() => peer.synced || peer.closed !== null || performance.now() > over, 'it is decided');
    if (peer.synced && peer.closed === null) {
      const lacking = stood.find(({ key }) => !has(peer.doc, key));
      if (lacking !== undefined) empty.push(`visit ${n} without ${lacking.key}`);
      put(peer.doc, `visit ${n}`);
      if (dice.below(4) > 0)
        await eventually(
          () => peer.lastAck === peer.sent || peer.closed !== null,
          'it is acknowledged',
          20_000,
        );
      if (peer.lastAck === peer.sent) acknowledged.push({ at, key: `visit ${n}` });
    }
    peer.hangUp();
  };
  const under: Promise<void>[] = [];
  for (let n = 0; n < visits; n++) {
    under.push(visit(n));
    await pause(dice.below(50));
    if (under.length >= 12) await Promise.all(under.splice(0, 6));
  }
  await Promise.all(under);
  trouble.on = false;
  expect({ forks: watch.forks, empty }).toEqual({ forks: [], empty: [] });
  expect(acknowledged.length).toBeGreaterThan(visits / 25);
  expect([watch.loads > 1, trouble.failed > 1]).toEqual([true, true]);
  for (const at of boards) {
    const doc = await replay({ ...room, board: at });
    for (const { key } of acknowledged.filter((one) => one.at === at))
      expect([key, has(doc, key)]).toEqual([key, true]);
  }
  const released = () => watch.left().actors === 0 && clock.waiting() <= atRest + besides;
  await eventually(released, 'all is let go of', 20_000);
  expect(watch.left()).toEqual({ actors: 0, documents: 0, sockets: 0 });
  const said = await figures(hub);
  expect([said('boards'), said('bytes'), said('sockets'), said('inbox')]).toEqual([0, 0, 0, 0]);
  watch.end();
});

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
