import { Crowd, type Shape } from '../load/crowd.ts';
import { presenceMessage } from '../load/dialects.ts';
import type { Job, Outcome } from '../load/job.ts';
import { Latencies } from '../load/latencies.ts';

const everyMs = 100;

/** Everybody edits a little, and moves the cursor all the time. */
export async function shiftChange(job: Job, shape: Shape): Promise<Outcome> {
  const cursors = new Latencies();
  const crowd = await Crowd.gather(job, shape, (payload, now) => {
    for (const [, at] of payload.toString('latin1').matchAll(/"at":([\d.]+)/g)) {
      if (crowd.tally.counts(Number(at))) cursors.record(now - Number(at));
    }
  });
  await crowd.settle();
  const start = performance.now();
  const clocks = crowd.connections.map(() => 0);
  const tasks = crowd.connections.map((connection, at) => ({
    everyMs,
    firstAt: start + (everyMs * at) / crowd.connections.length,
    act() {
      const clock = (clocks[at] ?? 0) + 1;
      clocks[at] = clock;
      const state = {
        user: { name: `Officer ${at}` },
        cursor: { x: clock * 7, y: at * 11 },
        at: performance.now(),
      };
      connection.say(presenceMessage(1_000_000 + at, clock, state));
    },
  }));
  const outcome = await crowd.measure(tasks);
  crowd.leave();
  const { p50, p99 } = cursors.summary();
  return { ...outcome, more: { 'cursor p50 ms': p50, 'cursor p99 ms': p99 } };
}
