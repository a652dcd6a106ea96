import { parentPort } from 'node:worker_threads';

import { type ReplayRequest, replayBoard } from './replay.ts';

/** One question, then the thread ends: a long history never holds the hub's own loop. */
parentPort?.once('message', (request: ReplayRequest) => {
  parentPort?.postMessage(replayBoard(request));
});
