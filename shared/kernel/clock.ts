/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

/** The only source of time outside `app`. Tests pass one that they advance. */
export interface Clock {
  now(): Millis;
  /** Runs `act` once, `delay` milliseconds from now; the returned function calls it off. Never keeps a process alive. */
  after(delay: Millis, act: () => void): () => void;
}

/** RFC 3339 in UTC with milliseconds, as every entry states time. */
export function isoTime(at: Millis): string {
  return new Date(at).toISOString();
}

/** Runs `act` every `period` until called off; a slow `act` never overlaps itself when it returns a promise. */
export function every(clock: Clock, period: Millis, act: () => void | Promise<void>): () => void {
  let stopped = false;
  let cancel = clock.after(period, run);
  async function run(): Promise<void> {
    await act();
    if (!stopped) cancel = clock.after(period, run);
  }
  return () => {
    stopped = true;
    cancel();
  };
}
