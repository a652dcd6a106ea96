import { Worker } from 'node:worker_threads';
import type { Clock } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';

import type { ReadRequest, ReadResult } from './candidates.ts';

const DEADLINE = 30_000;
const HEAP_MB = 1024;

export type ReadFile = (request: ReadRequest) => Promise<ReadResult>;

/** Reads on a thread of its own, so that rooms stay live; a file that takes too long or too much is refused. [IN-55] */
export function readOnWorker(workerFile: string, clock: Clock): ReadFile {
  return (request) =>
    new Promise((resolve, reject) => {
      const worker = new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
      const give = (act: () => void) => {
        callOff();
        act();
        void worker.terminate();
      };
      const callOff = clock.after(DEADLINE, () =>
        give(() => reject(refuse('import.unreadable', { what: 'reading took longer than 30 seconds' }))),
      );
      worker.once('message', (result: ReadResult) => give(() => resolve(result)));
      worker.once('error', (error: Error) => {
        const tooMuch = Reflect.get(error, 'code') === 'ERR_WORKER_OUT_OF_MEMORY';
        give(() =>
          reject(tooMuch ? refuse('import.unreadable', { what: 'reading needed too much memory' }) : error),
        );
      });
      const bytes = new Uint8Array(request.bytes);
      worker.postMessage({ ...request, bytes }, [bytes.buffer]);
    });
}
