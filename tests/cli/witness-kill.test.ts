import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { seededRandom } from '#tests/convergence/seeded-random.ts';

import { CREDENTIAL, type LyingHub, leavesOf, startLyingHub } from './lying-hub.ts';
import { dropFolders, freshFolder, makeKey } from './witness-run.ts';

const program = path.resolve(import.meta.dirname, '../../scripts/muster.mjs');
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const rounds = Number(process.env.ROUNDS ?? 12);

let hub: LyingHub;
beforeEach(async () => {
  hub = await startLyingHub();
});
afterEach(async () => {
  await hub.close();
  dropFolders();
});

function start(dir: string) {
  const child = spawn(
    process.execPath,
    [program, 'witness', 'run', '--dir', dir, '--hub', hub.url, '--once'],
    {
      env: { ...process.env, MUSTER_WITNESS_CREDENTIAL: CREDENTIAL },
      stdio: 'ignore',
    },
  );
  return { child, ended: once(child, 'exit') as Promise<[number | null, string | null]> };
}

/** Where the program dies: before it has an answer, some moments after it has one, or when its signature has arrived. */
const moments = ['asking', 'in between', 'handing in'] as const;

test(`[RC-61] killed at any moment, it never signs two trees of one size (seed ${seed}, ${rounds} rounds)`, {
  timeout: 60_000 + rounds * 8_000,
}, async () => {
  const chance = seededRandom(seed);
  const counted = { signedBoth: 0, signedOne: 0, refusedOther: 0 };
  for (let round = 0; round < rounds; round++) {
    const dir = freshFolder();
    await makeKey(dir);
    hub.posted.length = 0;
    const moment = moments[round % moments.length] ?? 'asking';
    const size = 8 + chance.below(40);
    hub.show = { leaves: leavesOf(1), size };
    const first = start(dir);
    const kill = () => first.child.kill('SIGKILL');
    const delay = chance.below(16);
    hub.onRequest = (method) => {
      if (moment === 'in between' && method === 'GET') setTimeout(kill, delay / 2);
      else if (method === (moment === 'asking' ? 'GET' : 'POST')) kill();
    };
    await first.ended;
    hub.onRequest = () => undefined;
    hub.show = { leaves: leavesOf(2), size };
    const [code] = await start(dir).ended;
    const trees = new Set(hub.posted.map(({ checkpoint }) => checkpoint));
    const about = `seed ${seed}, round ${round}, killed ${moment}, delay ${delay}`;
    expect(trees.size, about).toBeLessThanOrEqual(1);
    // Nothing was seen before: the other tree is the first. Something was: it is an alarm, whether or not it was signed.
    if (moment === 'asking') expect([code, trees.size], about).toEqual([0, 1]);
    else if (moment === 'handing in') expect([code, trees.size], about).toEqual([10, 1]);
    else expect([0, 10], about).toContain(code);
    counted[trees.size > 1 ? 'signedBoth' : code === 10 ? 'refusedOther' : 'signedOne'] += 1;
  }
  expect(counted.signedBoth).toBe(0);
  expect(counted.refusedOther).toBeGreaterThan(0);
  expect(counted.signedOne).toBeGreaterThan(0);
});
