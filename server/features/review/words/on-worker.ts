import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';

import type { CompareBoardRequest, CompareBoardResult } from '../replay/compare-board.ts';
import type { BoardTextsRequest, BoardTextsResult } from './board-texts.ts';

export type BoardJob =
  | { readonly does: 'tell'; readonly request: BoardTextsRequest }
  | { readonly does: 'compare'; readonly request: CompareBoardRequest };

/**
 * Reads boards on a thread of its own, one job at a time. A failed job ends the thread; `generation` tells that it
 * forgot. `stop` gives up the job under way.
 */
export type BoardReader = {
  readonly generation: () => number;
  readonly stopped: () => boolean;
  tell(request: BoardTextsRequest): Promise<BoardTextsResult>;
  compare(request: CompareBoardRequest): Promise<CompareBoardResult>;
  stop(): Promise<void>;
};

const DEADLINE = 30_000;
const IDLE = 60_000;

export function readBoardsOnWorker(workerFile: string, clock: Clock): BoardReader {
  let callOffEnd: () => void = () => undefined;
  let worker: Worker | null = null;
  let generation = 0;
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    generation: () => generation,
    stopped: () => stopped,
    tell: (request) => next({ does: 'tell', request }),
    compare: (request) => next({ does: 'compare', request }),
    async stop() {
      stopped = true;
      await end();
      await turn;
    },
  };

  function next<T>(job: BoardJob): Promise<T> {
    const mine = turn.then(() => run<T>(job));
    turn = mine.then(idle, idle);
    return mine;
  }

  function run<T>(job: BoardJob): Promise<T> {
    if (stopped) return Promise.reject(refuse('hub.stopping'));
    callOffEnd();
    worker ??= new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
    const thread = worker;
    return new Promise<T>((resolve, reject) => {
      const done = (act: () => void) => {
        callOff();
        // These and no others: a Worker hears its own thread by listeners it has put on itself.
        thread.off('message', answered).off('error', fail).off('exit', ended);
        act();
      };
      const answered = (result: T) => done(() => resolve(result));
      const fail = (error: Error) =>
        done(() => {
          void end();
          reject(error);
        });
      const ended = (code: number) => fail(new Error(`the thread that reads boards ended with ${code}`));
      const callOff = clock.after(DEADLINE, () => fail(new Error('a board took too long to read')));
      thread.on('message', answered).on('error', fail).on('exit', ended);
      thread.postMessage(job);
    });
  }

  function idle(): void {
    callOffEnd();
    callOffEnd = clock.after(IDLE, () => void end());
  }

  async function end(): Promise<void> {
    const thread = worker;
    worker = null;
    generation += 1;
    await thread?.terminate();
  }
}
