import type { Duplex } from 'node:stream';

import { refuse } from '#shared/kernel/failures.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

/** How many lines each officer holds at once. */
export class Seats {
  readonly #most: number;
  readonly #taken = new Map<OfficerId, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Takes a seat until `line` is gone, whatever becomes of it in between, or refuses. To be called before anything is
   * awaited: lines that come all at once must not all be counted before the first of them.
   */
  take(officer: OfficerId, line: Duplex): void {
    const taken = this.#taken.get(officer) ?? 0;
    if (taken >= this.#most) throw refuse('too.many');
    if (line.destroyed) return;
    this.#taken.set(officer, taken + 1);
    line.once('close', () => this.#giveBack(officer));
  }

  #giveBack(officer: OfficerId): void {
    const left = (this.#taken.get(officer) ?? 1) - 1;
    if (left > 0) this.#taken.set(officer, left);
    else this.#taken.delete(officer);
  }
}
