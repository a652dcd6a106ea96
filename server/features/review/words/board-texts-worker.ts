import { parentPort } from 'node:worker_threads';

import { standBehind } from '#server/platform/stand-behind.ts';

import { compareBoard } from '../replay/compare-board.ts';
import { BoardTexts } from './board-texts.ts';
import type { BoardJob } from './on-worker.ts';

standBehind();

const texts = new BoardTexts();

/** One job after another. What throws ends the thread, and with it what it held of boards. */
parentPort?.on('message', (job: BoardJob) => {
  parentPort?.postMessage(job.does === 'tell' ? texts.tell(job.request) : compareBoard(job.request));
});
