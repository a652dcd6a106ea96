import type { Clock, Millis } from '#shared/kernel/clock.ts';

/** Time that passes when told to. Timers run in the order in which they are due, each at its own moment. */
export class FakeClock implements Clock {
  #now: Millis;
  readonly #timers = new Set<{ readonly at: Millis; readonly act: () => void }>();

  constructor(start: Millis = Date.UTC(2026, 10, 23, 12)) {
    this.#now = start;
  }

  now(): Millis {
    return this.#now;
  }

  after(delay: Millis, act: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delay), act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  advance(period: Millis): void {
    const end = this.#now + period;
    for (let next = this.#nextUntil(end); next !== undefined; next = this.#nextUntil(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.act();
    }
    this.#now = end;
  }

  /** Advances by `step` again and again, with real work in between, until `holds`. */
  async until(holds: () => boolean | Promise<boolean>, step: Millis, what: string): Promise<void> {
    for (let tried = 0; tried < 400; tried++) {
      if (await holds()) return;
      this.advance(step);
      await new Promise((soon) => setTimeout(soon, 5));
    }
    throw new Error(`time passed in vain for ${what}`);
  }

  #nextUntil(end: Millis): { readonly at: Millis; readonly act: () => void } | undefined {
    let first: { readonly at: Millis; readonly act: () => void } | undefined;
    for (const timer of this.#timers)
      if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
    return first;
  }
}
