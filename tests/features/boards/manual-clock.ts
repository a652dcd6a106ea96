import type { Clock } from '#shared/kernel/clock.ts';

/** Time that passes when told to. */
export class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #due: { at: number; act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delay: number, act: () => void): () => void {
    const one = { at: this.#now + delay, act };
    this.#due.push(one);
    return () => {
      const at = this.#due.indexOf(one);
      if (at >= 0) this.#due.splice(at, 1);
    };
  }

  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due.splice(this.#due.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.at);
      next.act();
    }
    this.#now = end;
  }
}
