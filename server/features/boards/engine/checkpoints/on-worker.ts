import { keepThread } from '#server/platform/threads.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import { boardEngineTimes as times } from '../../limits.ts';
import type { StateJob } from './build-state.ts';

/** Makes states on a thread of its own, one job at a time. `stop` gives up the job under way: nothing rests on it. */
export type StateBuilder = { build(job: StateJob): Promise<Uint8Array>; stop(): Promise<void> };

/** [BD-41] */
export function buildOnWorker(workerFile: string, clock: Clock): StateBuilder {
  const thread = keepThread({
    file: workerFile,
    clock,
    deadline: times.checkpointDeadline,
    idle: times.checkpointThreadIdle,
    name: 'the checkpoint thread',
  });
  return { build: (job) => thread.ask(job), stop: thread.stop };
}
