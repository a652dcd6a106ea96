import { base64 } from '#shared/kernel/encoding.ts';

import { BoardDocument } from './board-document.ts';
import type { LostEdit } from './lost-edits.ts';
import { SetAside } from './set-aside.ts';
import { carryOver, describeTouched, isTyping, type Touched } from './touched.ts';
import { UnsavedEdits } from './unsaved-edits.ts';

type Carried = { readonly from: BoardDocument; readonly touched: Touched; readonly count: number };

export type HeldEvents = {
  /** The officer has changed the board. */
  readonly edited: (typing: boolean) => void;
  readonly presence: (update: Uint8Array) => void;
};

/**
 * What this page holds of a board: the replica, the edits that the hub does not have, and what waits for another replica
 * or was set aside. In memory only.
 */
export class HeldBoard {
  readonly edits = new UnsavedEdits();
  readonly #events: HeldEvents;
  readonly #aside = new SetAside();
  /** Of the replica before: to be written again into this one. */
  #carried: Carried | null = null;
  #replica: BoardDocument;

  constructor(events: HeldEvents) {
    this.#events = events;
    this.#replica = this.#newReplica();
  }

  get replica(): BoardDocument {
    return this.#replica;
  }

  get unsaved(): number {
    return this.edits.count + (this.#carried?.count ?? 0);
  }

  /** Something is kept from before the record was restored. */
  get aside(): boolean {
    return !this.#aside.isEmpty;
  }

  /** There is something here that is nowhere else. */
  get isNeeded(): boolean {
    return this.edits.count > 0 || this.#carried !== null || this.aside;
  }

  /** What was made here before the record was restored and the board does not say now. [CB-31] */
  lostEdits(): readonly LostEdit[] {
    return this.#aside.edits(this.#replica.doc);
  }

  dropLost(): void {
    this.#aside.clear();
  }

  /** The unsaved edits in plain words and as one Yjs update (base64), for a file. */
  describeUnsaved(): { changes: Record<string, unknown>; update: string } {
    const carried = this.#carried;
    return {
      changes: {
        ...(carried ? describeTouched(carried.from.doc, carried.touched) : {}),
        ...describeTouched(this.#replica.doc, this.edits.touched()),
      },
      update: base64(this.edits.merged()),
    };
  }

  /** The replica has all that the hub has. */
  becameCurrent(): void {
    this.#replica.shown = true;
    this.#aside.compare(this.#replica.doc);
    const carried = this.#carried;
    if (!carried) return;
    this.#carried = null;
    carryOver(carried.from.doc, this.#replica.doc, carried.touched, this);
    carried.from.destroy();
  }

  /** Gives up every unsaved edit. */
  startAfresh(): void {
    this.edits.clear();
    this.#carried?.from.destroy();
    this.#carried = null;
    this.#replica.destroy();
    this.#replica = this.#newReplica();
  }

  /** Somebody else was first with this client id: begin again under a new one and write the unsaved edits again. */
  restart(): void {
    const from = this.#replica;
    if (this.#carried) from.destroy();
    else this.#carried = { from, touched: this.edits.touched(), count: this.edits.count };
    this.edits.clear();
    this.#replica = this.#newReplica();
  }

  /** The record was restored: what this page holds of it is set aside whole, and the board is read as it is now. [CB-30] */
  setAside(): void {
    const { from, touched } = this.#carried ?? {};
    if (from && touched) this.#aside.add(from, touched);
    this.#aside.add(this.#replica, this.edits.everTouched());
    this.#carried = null;
    this.edits.clear();
    this.#replica = this.#newReplica();
  }

  destroy(): void {
    this.#carried?.from.destroy();
    this.#aside.clear();
    this.#replica.destroy();
  }

  /** Of a replica that was replaced nothing is heard any more. */
  #newReplica(): BoardDocument {
    const replica: BoardDocument = new BoardDocument({
      edited: (update, transaction) => {
        if (replica === this.#replica) this.#events.edited(isTyping(this.edits.add(update, transaction)));
      },
      presence: (update) => {
        if (replica === this.#replica) this.#events.presence(update);
      },
    });
    return replica;
  }
}
