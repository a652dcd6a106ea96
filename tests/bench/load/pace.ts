import type { Latencies } from './latencies.ts';

export type Task = { readonly everyMs: number; readonly firstAt: number; readonly act: () => void };

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Waits until `condition` holds; `false` when it does not within the time. */
export async function until(condition: () => boolean, within: number): Promise<boolean> {
  const end = performance.now() + within;
  while (!condition()) {
    if (performance.now() > end) return false;
    await sleep(5);
  }
  return true;
}

/**
 * Does every task at its times until `end`, whether or not the system keeps up: what was missed while the generator was
 * busy is done late, not left out. `lag` is how late things were done.
 */
export async function pace(tasks: readonly Task[], end: number, lag: Latencies): Promise<void> {
  const due = tasks.map(({ firstAt }) => firstAt);
  for (;;) {
    const now = performance.now();
    for (const [at, task] of tasks.entries()) {
      for (let next = due[at] ?? end; next <= now && next < end; next += task.everyMs) {
        lag.record(performance.now() - next);
        task.act();
        due[at] = next + task.everyMs;
      }
    }
    if (now >= end) return;
    await sleep(1);
  }
}
