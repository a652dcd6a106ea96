import { parentPort } from 'node:worker_threads';

import { standBehind } from '#server/platform/stand-behind.ts';

import { type ReplayRequest, replayBoard } from './replay.ts';

standBehind();

/** One question, then the thread ends: a long history never holds the hub's own loop. */
parentPort?.once('message', (request: ReplayRequest) => {
  parentPort?.postMessage(replayBoard(request));
});
