import { Crowd, type Shape } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';
import { sleep, until } from '../load/pace.ts';
import { usageOf } from '../load/procs.ts';

const stalled = 5;

/** Five readers stop reading while large changes go round; what does the server hold for them, and do they come back? */
export async function slowReaders(job: Job, shape: Shape): Promise<Outcome> {
  const crowd = await Crowd.gather(job, { ...shape, apart: stalled });
  await crowd.settle();
  const [board] = crowd.boards;
  const slow = board?.connections.slice(-stalled) ?? [];
  const theirs = board?.readers.slice(-stalled) ?? [];
  const before = usageOf(job.servers, []).resident;
  let peak = before;
  const outcome = await crowd.measure([], async () => {
    for (const connection of slow) connection.pause();
    const end = performance.now() + job.seconds * 1000;
    while (performance.now() < end) {
      peak = Math.max(peak, usageOf(job.servers, []).resident);
      await sleep(100);
    }
    for (const connection of slow) connection.resume();
  });
  const caughtUp = () => theirs.filter((reader) => reader.missing() === 0).length;
  await until(() => caughtUp() === stalled, 5_000);
  const more = {
    'memory growth MB': (peak - before) / 1e6,
    'slow readers caught up': caughtUp(),
    'slow readers closed': slow.filter(({ closed }) => closed !== null).length,
  };
  crowd.leave();
  return { ...outcome, more };
}
