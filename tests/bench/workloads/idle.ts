import { Crowd } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';
import { memoryOf } from '../load/memory.ts';

/** Many, so that what else grows meanwhile hardly counts; no more than forty officers may have, with the boards. */
const connections = 1_200;
const boards = 100;

/** What a connection that says nothing costs, and a board that one person has open. */
export async function idle(job: Job): Promise<Outcome> {
  const alone = { boards: 1, boardsPerOperation: 1, writers: 1, readers: 0, rate: 1 };
  const memory = () => memoryOf(job.servers, job.folder);
  // What is needed once is there before anything is measured.
  const first = await Crowd.gather(job, { ...alone, readers: 20 });
  const empty = await memory();
  const many = await Crowd.gather(job, { ...alone, readers: connections - 1 });
  const connected = await memory();
  const wide = await Crowd.gather(job, { ...alone, boards, boardsPerOperation: 20 });
  const opened = await memory();
  const outcome = await first.measure();
  for (const crowd of [first, many, wide]) crowd.leave();
  const each = (before: number, after: number, count: number) => (after - before) / count / 1024;
  return {
    ...outcome,
    more: {
      'KB a connection': each(empty.live, connected.live, connections),
      'KB a board': each(connected.live, opened.live, boards),
      'resident KB a connection': each(empty.resident, connected.resident, connections),
    },
  };
}
