import { parentPort, workerData } from 'node:worker_threads';

import { standBehind } from '#server/platform/stand-behind.ts';

import { rebuildBoard } from '#shared/board/rebuild.ts';

import { listBoard } from '../boards.ts';
import { buildReport } from './build-report.ts';
import { fontsIn } from './fonts.ts';
import type { Answer, Job } from './on-worker.ts';
import { writeHtml } from './write-html.ts';
import { writePdf } from './write-pdf.ts';

standBehind();

const fonts = fontsIn((workerData as { fonts: string }).fonts);

/** What takes long in a pack, away from the hub's own loop: boards are replayed and the report is set. */
parentPort?.on('message', (job: Job) => {
  void answer(job).then((told) => parentPort?.postMessage(told));
});

async function answer(job: Job): Promise<Answer> {
  if (job.kind === 'board') return { kind: 'board', ...rebuildBoard(job.changes), ...listBoard(job.changes) };
  const report = buildReport(job.source);
  return { kind: 'report', html: writeHtml(report), pdf: await writePdf(report, fonts) };
}
