import { Worker } from 'node:worker_threads';

import type { Clock } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';

import type { ReplayRequest, ReplayResult } from './replay.ts';

export type Replay = (request: ReplayRequest) => Promise<ReplayResult>;

const DEADLINE = 30_000;

/** Replays on a thread of its own, with a deadline. */
export function replayOnWorker(workerFile: string, clock: Clock): Replay {
  return (request) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: 1024 } });
      const end = (act: () => void) => {
        callOff();
        act();
        void worker.terminate();
      };
      const callOff = clock.after(DEADLINE, () =>
        end(() => reject(refuse('try.again', { what: 'the history took too long to read' }))),
      );
      worker.once('message', (result: ReplayResult) => end(() => resolve(result)));
      worker.once('error', (error) => end(() => reject(error)));
      worker.postMessage(request);
    });
}
