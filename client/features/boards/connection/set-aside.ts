import type * as Y from 'yjs';

import { type LostEdit, type LostRecord, lostBetween, stillLost } from './lost-edits.ts';
import type { Touched } from './touched.ts';

type Replica = { readonly doc: Y.Doc; destroy(): void };

/**
 * What this page holds of a life of the record that is over. Never merged: only an officer who has looked at it brings
 * it back, as a new edit. [CB-30]
 */
export class SetAside {
  /** Not yet compared: the board as it is now has not come. */
  #waiting: { readonly from: Replica; readonly mine: Touched }[] = [];
  readonly #lost = new Map<string, LostRecord>();

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#lost.size === 0;
  }

  add(from: Replica, mine: Touched): void {
    this.#waiting.push({ from, mine });
  }

  /** `now` is all of the restored record. The newest of several lives has the last word about a record. */
  compare(now: Y.Doc): void {
    for (const { from, mine } of this.#waiting) {
      for (const one of lostBetween(from.doc, now, mine)) this.#lost.set(`${one.record}/${one.id}`, one);
      from.destroy();
    }
    this.#waiting = [];
  }

  /** What the board has said once is made good, whatever becomes of it later. [CB-31] */
  edits(now: Y.Doc): readonly LostEdit[] {
    if (this.#lost.size === 0) return [];
    const edits = stillLost(this.#lost.values(), now);
    const open = new Set(edits.map(({ record, id }) => `${record}/${id}`));
    for (const key of [...this.#lost.keys()]) if (!open.has(key)) this.#lost.delete(key);
    return edits;
  }

  clear(): void {
    for (const { from } of this.#waiting) from.destroy();
    this.#waiting = [];
    this.#lost.clear();
  }
}
