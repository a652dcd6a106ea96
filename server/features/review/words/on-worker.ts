import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/kernel/clock.ts';

import type { CompareBoardRequest, CompareBoardResult } from '../replay/compare-board.ts';
import type { BoardTextsRequest, BoardTextsResult } from './board-texts.ts';

export type BoardJob =
  | { readonly does: 'tell'; readonly request: BoardTextsRequest }
  | { readonly does: 'compare'; readonly request: CompareBoardRequest };

/** Reads boards on a thread of its own, one job at a time. A failed job ends the thread; `generation` tells that it forgot. */
export type BoardReader = {
  readonly generation: () => number;
  tell(request: BoardTextsRequest): Promise<BoardTextsResult>;
  compare(request: CompareBoardRequest): Promise<CompareBoardResult>;
  stop(): Promise<void>;
};

const DEADLINE = 30_000;
const IDLE = 60_000;

export function readBoardsOnWorker(workerFile: string, clock: Clock): BoardReader {
  let worker: Worker | null = null;
  let generation = 0;
  let jobs = 0;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    generation: () => generation,
    tell: (request) => next({ does: 'tell', request }),
    compare: (request) => next({ does: 'compare', request }),
    async stop() {
      await turn;
      await end();
    },
  };

  function next<T>(job: BoardJob): Promise<T> {
    const mine = turn.then(() => run<T>(job));
    turn = mine.then(idle, idle);
    return mine;
  }

  function run<T>(job: BoardJob): Promise<T> {
    jobs += 1;
    worker ??= new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    const thread = worker;
    return new Promise<T>((resolve, reject) => {
      const done = (act: () => void) => {
        callOff();
        thread.removeAllListeners();
        act();
      };
      const fail = (error: Error) =>
        done(() => {
          void end();
          reject(error);
        });
      const callOff = clock.after(DEADLINE, () => fail(new Error('a board took too long to read')));
      thread.once('message', (result: T) => done(() => resolve(result)));
      thread.once('error', fail);
      thread.once('exit', (code) => fail(new Error(`the thread that reads boards ended with ${code}`)));
      thread.postMessage(job);
    });
  }

  function idle(): void {
    const after = jobs;
    clock.after(IDLE, () => {
      if (jobs === after) void end();
    });
  }

  async function end(): Promise<void> {
    const thread = worker;
    worker = null;
    generation += 1;
    await thread?.terminate();
  }
}
