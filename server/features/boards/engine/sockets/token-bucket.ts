/** Allows `rate` a second, and `burst` seconds' worth at once. Going into debt is allowed: the answer says how long to wait. */
export class TokenBucket {
  readonly #rate: number;
  readonly #most: number;
  #left: number;
  #at: number;

  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate;
    this.#most = rate * burst;
    this.#left = this.#most;
    this.#at = now;
  }

  /** Milliseconds to wait before taking more; 0 when none. */
  take(amount: number, now: number): number {
    const earned = (Math.max(0, now - this.#at) * this.#rate) / 1000;
    this.#left = Math.min(this.#most, this.#left + earned) - amount;
    this.#at = now;
    return this.#left >= 0 ? 0 : Math.ceil((-this.#left * 1000) / this.#rate);
  }
}
