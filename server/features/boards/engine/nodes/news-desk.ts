import { boardEngineTimes as times } from '../../limits.ts';
import type { BoardState } from '../board-state.ts';
import type { EngineDeps } from '../types.ts';

/** Waits a moment for a commit that must have been made elsewhere and has not been heard of; then the record is asked. [BD-6] */
export class NewsDesk {
  readonly #state: BoardState;
  readonly #clock: EngineDeps['clock'];
  readonly #missed: () => void;
  #waiting = false;

  constructor(state: BoardState, clock: EngineDeps['clock'], missed: () => void) {
    this.#state = state;
    this.#clock = clock;
    this.#missed = missed;
  }

  look(): void {
    if (!this.#state.hasGap || this.#waiting) return;
    this.#waiting = true;
    this.#clock.after(times.newsPatience, () => {
      this.#waiting = false;
      if (this.#state.hasGap) this.#missed();
    });
  }
}
