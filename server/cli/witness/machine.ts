import type { Millis } from '#shared/kernel/clock.ts';

/** What the witness needs of the machine; tests hand in their own. */
export type Machine = {
  readonly fetch: typeof fetch;
  now(): Millis;
  /** Resolves after `delay`, or at once when the program is asked to stop. */
  pause(delay: Millis): Promise<void>;
  /** True once the program was asked to stop. */
  stopping(): boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
};

export function machine(): Machine {
  let stopped = false;
  let wake: () => void = () => undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopped = true;
      wake();
    });
  }
  return {
    fetch: globalThis.fetch,
    now: () => Date.now(),
    pause: (delay) =>
      new Promise((resume) => {
        const timer = setTimeout(resume, stopped ? 0 : delay);
        wake = () => {
          clearTimeout(timer);
          resume();
        };
      }),
    stopping: () => stopped,
    env: process.env,
  };
}
