import { runOnThread, threadBusy } from '#server/platform/threads.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import type { ReplayRequest, ReplayResult } from './replay.ts';

export type Replay = (request: ReplayRequest) => Promise<ReplayResult>;

const DEADLINE = 30_000;

/** Replays on a thread of its own, with a deadline. */
export function replayOnWorker(workerFile: string, clock: Clock): Replay {
  const options = { file: workerFile, clock, deadline: DEADLINE, name: 'the replay of a board' };
  return (request) => runOnThread<ReplayRequest, ReplayResult>(options, request).catch(threadBusy);
}
