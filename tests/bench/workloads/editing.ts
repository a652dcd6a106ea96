import { Crowd, type Shape } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';

/** People edit at a steady pace; everybody sees everything. */
export async function editing(job: Job, shape: Shape): Promise<Outcome> {
  const crowd = await Crowd.gather(job, shape);
  await crowd.settle();
  const outcome = await crowd.measure();
  crowd.leave();
  return outcome;
}
