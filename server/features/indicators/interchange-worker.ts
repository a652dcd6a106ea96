import { parentPort } from 'node:worker_threads';

import { standBehind } from '#server/platform/stand-behind.ts';

import { type ReadRequest, readCandidates } from './candidates.ts';

standBehind();

/** One file, then the thread ends: whatever a hostile file does to this heap and this loop goes with it. */
parentPort?.once('message', (request: ReadRequest) => {
  parentPort?.postMessage(readCandidates(request));
});
