import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { systemClock } from '#server/app/system.ts';
import { stateJob } from '#server/features/boards/engine/checkpoints/build-state.ts';
import { buildOnWorker } from '#server/features/boards/engine/checkpoints/on-worker.ts';
import { slicesOf } from '#server/features/boards/engine/checkpoints/slices.ts';

import { put } from './support.ts';

const workerFile = path.resolve(import.meta.dirname, '../../../dist/board-worker.js');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-thread-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function updateWith(key: string): Uint8Array {
  const doc = new Y.Doc();
  put(doc, key);
  return Y.encodeStateAsUpdate(doc);
}

test('[BD-41] one thread answers one job after another, and a job that fails ends only itself', async () => {
  const states = buildOnWorker(workerFile, systemClock);
  const made: string[][] = [];
  for (const key of ['first', 'second', 'third']) {
    const doc = new Y.Doc();
    for (const slice of slicesOf(await states.build(stateJob(null, [updateWith(key)]))))
      Y.applyUpdateV2(doc, slice);
    made.push([...doc.getMap('cards').keys()]);
  }
  const wrong = states.build(stateJob(null, [Uint8Array.of(255)]));
  const behind = states.build(stateJob(null, [updateWith('behind it')]));
  await expect(wrong).rejects.toThrow();
  await expect(behind).resolves.toBeInstanceOf(Uint8Array);
  await states.stop();
  expect(made).toEqual([['first'], ['second'], ['third']]);
});

test('[BD-41] a stop does not wait for a checkpoint', async () => {
  const silent = path.join(folder, 'silent.mjs');
  fs.writeFileSync(
    silent,
    `import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => 0);\n`,
  );
  const states = buildOnWorker(silent, systemClock);
  const settled = Promise.allSettled([
    states.build(stateJob(null, [updateWith('never')])),
    states.build(stateJob(null, [updateWith('behind it')])),
  ]);
  await states.stop();
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
