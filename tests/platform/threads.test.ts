import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, expect, test } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import { keepThread, runOnThread, ThreadLost } from '#server/platform/threads.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-threads-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

/** Echoes what it is given, under the number of the thread; some jobs it does not survive. */
const file = path.join(folder, 'echo.mjs');
fs.writeFileSync(
  file,
  `import { parentPort, threadId } from 'node:worker_threads';
   parentPort.on('message', (job) => {
     if (job === 'be silent') return;
     if (job === 'throw') throw new TypeError('a bug');
     if (job === 'end') process.exit(3);
     if (job === 'fill') for (const all = []; ; ) all.push(new Array(1e6).fill(all.length));
     parentPort.postMessage([job, threadId]);
     if (job === 'end afterwards') process.exit(0);
   });`,
);
const options = { file, clock: systemClock, deadline: 10_000, name: 'the echo' };
type Answer = readonly [job: string, thread: number];

test('a thread answers one job after another, and the next job after a failed one gets a new thread', async () => {
  const thread = keepThread({ ...options, idle: 60_000 });
  const ask = (job: string) => thread.ask<string, Answer>(job);
  const [first, second] = [await ask('one'), await ask('two')];
  expect([first[0], second]).toEqual(['one', ['two', first[1]]]);
  await expect(ask('throw')).rejects.toThrow(TypeError);
  await expect(ask('end')).rejects.toMatchObject({ name: 'ThreadLost', reason: 'ended' });
  const generation = thread.generation();
  const third = await ask('end afterwards');
  expect(third[1]).not.toBe(first[1]);
  // It ends while nobody waits for it: nothing is heard of that but that it has forgotten.
  await expect.poll(() => thread.generation()).toBeGreaterThan(generation);
  expect((await ask('four'))[0]).toBe('four');
  await thread.stop();
  await expect(ask('five')).rejects.toMatchObject({ code: 'hub.stopping' });
});

test('a thread that is late, or needs too much, is lost and says so', async () => {
  const late = runOnThread({ ...options, deadline: 200 }, 'be silent');
  await expect(late).rejects.toEqual(new ThreadLost('late', 'the echo took too long'));
  await expect(runOnThread({ ...options, deadline: 60_000, heapMb: 32 }, 'fill')).rejects.toMatchObject({
    reason: 'memory',
  });
  await expect(runOnThread<string, Answer>(options, 'one')).resolves.toMatchObject({ 0: 'one' });
});

/** Of this process's threads, as the system has them. */
function priorities(): number[] {
  return fs.readdirSync('/proc/self/task').map((thread) => os.getPriority(Number(thread)));
}

test.runIf(process.platform === 'linux')(
  'a thread that makes cached states stands behind the loop',
  async () => {
    const before = priorities();
    const worker = new Worker(path.resolve('dist/board-worker.js'));
    const behind = () => priorities().filter((one) => one === 10).length;
    await expect.poll(behind).toBe(before.filter((one) => one === 10).length + 1);
    expect(os.getPriority()).toBe(Math.min(...before));
    await worker.terminate();
  },
);
