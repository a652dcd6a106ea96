import { parentPort } from 'node:worker_threads';

import { standBehind } from '#server/platform/stand-behind.ts';
import { writeVector } from '#shared/review/words.ts';

import { compareBoard } from '../replay/compare-board.ts';
import { BoardTexts } from './board-texts.ts';
import type { BoardJob } from './on-worker.ts';

standBehind();

const texts = new BoardTexts();

/** One job after another. What throws ends the thread, and with it what it held of boards. */
parentPort?.on('message', (job: BoardJob) => {
  parentPort?.postMessage(answer(job));
});

function answer(job: BoardJob): unknown {
  switch (job.does) {
    case 'tell':
      return texts.tell(job.request);
    case 'spell':
      return job.texts.map(({ text, labels }) => writeVector(text, labels));
    case 'compare':
      return compareBoard(job.request);
  }
}
