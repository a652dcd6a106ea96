import { parentPort } from 'node:worker_threads';

import { standBehind } from '#server/platform/stand-behind.ts';

import { buildState, type StateJob } from './build-state.ts';

standBehind();

/** One job after another, each answered with its state. What throws ends the thread; the next job gets a new one. */
parentPort?.on('message', (job: StateJob) => {
  const state = Uint8Array.from(buildState(job));
  parentPort?.postMessage(state, [state.buffer]);
});
