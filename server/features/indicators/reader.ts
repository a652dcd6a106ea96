import { runOnThread, ThreadLost } from '#server/platform/threads.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';

import type { ReadRequest, ReadResult } from './candidates.ts';

const DEADLINE = 30_000;

export type ReadFile = (request: ReadRequest) => Promise<ReadResult>;

const unreadable: Partial<Record<ThreadLost['reason'], string>> = {
  late: 'reading took longer than 30 seconds',
  memory: 'reading needed too much memory',
};

/** Reads on a thread of its own, so that rooms stay live; a file that takes too long or too much is refused. [IN-55] */
export function readOnWorker(workerFile: string, clock: Clock): ReadFile {
  const options = { file: workerFile, clock, deadline: DEADLINE, name: 'the reading of a file' };
  return async (request) => {
    const bytes = new Uint8Array(request.bytes);
    try {
      return await runOnThread<ReadRequest, ReadResult>(options, { ...request, bytes }, [bytes.buffer]);
    } catch (error) {
      const what = error instanceof ThreadLost ? unreadable[error.reason] : undefined;
      throw what === undefined ? error : refuse('import.unreadable', { what });
    }
  };
}
