import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/kernel/clock.ts';

import { boardEngineTimes as times } from '../../limits.ts';
import type { StateJob } from './build-state.ts';

/** Makes states on a thread of its own, one job at a time. */
export type StateBuilder = { build(job: StateJob): Promise<Uint8Array>; stop(): Promise<void> };

/** The thread starts with the first job, and ends when there has been none for a while or one failed. */
export function buildOnWorker(workerFile: string, clock: Clock): StateBuilder {
  let worker: Worker | null = null;
  let jobs = 0;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    build(job) {
      const mine = turn.then(() => run(job));
      turn = mine.then(idle, idle);
      return mine;
    },
    async stop() {
      await turn;
      await end();
    },
  };

  function run(job: StateJob): Promise<Uint8Array> {
    jobs += 1;
    worker ??= startWorker(workerFile);
    const thread = worker;
    return new Promise<Uint8Array>((resolve, reject) => {
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
      const callOff = clock.after(times.checkpointDeadline, () =>
        fail(new Error('a checkpoint took too long')),
      );
      thread.once('message', (state: Uint8Array) => done(() => resolve(state)));
      thread.once('error', fail);
      thread.once('exit', (code) => fail(new Error(`the checkpoint thread ended with ${code}`)));
      thread.postMessage(job);
    });
  }

  function idle(): void {
    const after = jobs;
    clock.after(times.checkpointThreadIdle, () => {
      if (jobs === after) void end();
    });
  }

  async function end(): Promise<void> {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  }
}

function startWorker(file: string): Worker {
  const worker = new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
  worker.unref();
  return worker;
}
