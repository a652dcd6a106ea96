import { Crowd } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';
import { sleep } from '../load/pace.ts';
import { usageOf } from '../load/procs.ts';

const connections = 500;
const boards = 100;

/** What a connection that says nothing costs, and a board that one person has open. */
export async function idle(job: Job): Promise<Outcome> {
  const alone = { boards: 1, boardsPerOperation: 1, writers: 1, readers: 0, rate: 1 };
  // What is needed once is there before anything is measured.
  const first = await Crowd.gather(job, { ...alone, readers: 20 });
  const resident = async () => {
    await sleep(2_000);
    return usageOf(job.servers, []).resident;
  };
  const empty = await resident();
  const many = await Crowd.gather(job, { ...alone, readers: connections - 1 });
  const connected = await resident();
  const wide = await Crowd.gather(job, { ...alone, boards, boardsPerOperation: 20 });
  const opened = await resident();
  const outcome = await first.measure();
  for (const crowd of [first, many, wide]) crowd.leave();
  return {
    ...outcome,
    more: {
      'KB a connection': (connected - empty) / connections / 1024,
      'KB a board': (opened - connected) / boards / 1024,
    },
  };
}
