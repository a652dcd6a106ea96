import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';

import type { BoardShown } from '../boards.ts';
import type { ReportSource } from './sections.ts';

export type Job =
  | { readonly kind: 'board'; readonly changes: readonly Uint8Array[] }
  | { readonly kind: 'report'; readonly source: ReportSource };
export type BoardMade = Pick<BoardShown, 'cards' | 'links'> & {
  readonly yjs: Uint8Array;
  readonly json: Uint8Array;
};
export type ReportMade = { readonly html: string; readonly pdf: Uint8Array };
export type Answer = ({ readonly kind: 'board' } & BoardMade) | ({ readonly kind: 'report' } & ReportMade);

/** One thread for one pack, with a deadline for each job. */
export type Press = {
  board(changes: readonly Uint8Array[]): Promise<BoardMade>;
  report(source: ReportSource): Promise<ReportMade>;
  close(): Promise<void>;
};

const DEADLINE = 120_000;

export function openPress(files: { readonly worker: string; readonly fonts: string }, clock: Clock): Press {
  const worker = new Worker(files.worker, {
    workerData: { fonts: files.fonts },
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  });
  worker.unref();
  let ended: Error | null = null;
  worker.on('error', (error) => {
    ended = error;
  });
  worker.on('exit', () => {
    ended ??= new Error('the thread of a pack has ended');
  });
  const ask = (job: Job) =>
    new Promise<Answer>((resolve, reject) => {
      if (ended !== null) return reject(ended);
      const end = (act: () => void) => {
        callOff();
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (answer: Answer) => end(() => resolve(answer));
      const onError = (error: Error) => end(() => reject(error));
      const onExit = () => end(() => reject(ended));
      const callOff = clock.after(DEADLINE, () =>
        end(() => reject(refuse('try.again', { what: 'the report took too long to write' }))),
      );
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      return worker.postMessage(job);
    });
  return {
    async board(changes) {
      const answer = await ask({ kind: 'board', changes });
      invariant(answer.kind === 'board', 'another answer than was asked for');
      return answer;
    },
    async report(source) {
      const answer = await ask({ kind: 'report', source });
      invariant(answer.kind === 'report', 'another answer than was asked for');
      return answer;
    },
    async close() {
      await worker.terminate();
    },
  };
}
