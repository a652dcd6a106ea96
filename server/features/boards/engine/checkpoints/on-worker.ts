import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/kernel/clock.ts';

import { boardEngineTimes as times } from '../../limits.ts';
import type { StateJob } from './build-state.ts';

/** Makes states on a thread of its own, one job at a time. `stop` gives up the job under way: nothing rests on it. */
export type StateBuilder = { build(job: StateJob): Promise<Uint8Array>; stop(): Promise<void> };

/** The thread starts with the first job, and ends when there has been none for a while or one failed. [BD-41] */
export function buildOnWorker(workerFile: string, clock: Clock): StateBuilder {
  let callOffEnd: () => void = () => undefined;
  let worker: Worker | null = null;
  let stopped = false;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    build(job) {
      const mine = turn.then(() => run(job));
      turn = mine.then(idle, idle);
      return mine;
    },
    async stop() {
      stopped = true;
      await end();
      await turn;
    },
  };

  function run(job: StateJob): Promise<Uint8Array> {
    if (stopped) return Promise.reject(new Error('no more checkpoints: the hub stops'));
    callOffEnd();
    worker ??= startWorker(workerFile);
    const thread = worker;
    return new Promise<Uint8Array>((resolve, reject) => {
      const done = (act: () => void) => {
        callOff();
        // These and no others: a Worker hears its own thread by listeners it has put on itself.
        thread.off('message', answered).off('error', fail).off('exit', ended);
        act();
      };
      const answered = (state: Uint8Array) => done(() => resolve(state));
      const fail = (error: Error) =>
        done(() => {
          void end();
          reject(error);
        });
      const ended = (code: number) => fail(new Error(`the checkpoint thread ended with ${code}`));
      const callOff = clock.after(times.checkpointDeadline, () =>
        fail(new Error('a checkpoint took too long')),
      );
      thread.once('message', answered).once('error', fail).once('exit', ended);
      thread.postMessage(job);
    });
  }

  function idle(): void {
    callOffEnd();
    if (!stopped) callOffEnd = clock.after(times.checkpointThreadIdle, () => void end());
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
