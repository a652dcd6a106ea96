import type { Clock, Millis } from '#shared/kernel/clock.ts';

/** Runs the first act at once and then at most one per period, always the newest. */
export class Throttle {
  readonly #clock: Clock;
  readonly #period: Millis;
  #waiting: (() => void) | null = null;
  #callOff: (() => void) | null = null;

  constructor(clock: Clock, period: Millis) {
    this.#clock = clock;
    this.#period = period;
  }

  run(act: () => void): void {
    if (this.#callOff) this.#waiting = act;
    else {
      act();
      this.#rest();
    }
  }

  /** Forgets what waits. */
  cancel(): void {
    this.#callOff?.();
    this.#callOff = null;
    this.#waiting = null;
  }

  #rest(): void {
    this.#callOff = this.#clock.after(this.#period, () => {
      this.#callOff = null;
      const act = this.#waiting;
      this.#waiting = null;
      if (act) this.run(act);
    });
  }
}
