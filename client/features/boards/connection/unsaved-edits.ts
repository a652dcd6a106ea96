import * as Y from 'yjs';

import { type Touched, touchedBy } from './touched.ts';

type Edit = { readonly update: Uint8Array; readonly touched: Touched; sentAs: number | null };

/**
 * The officer's own edits that the hub has not acknowledged, oldest first. They build only on each other and on what
 * the hub has committed, so they can be sent again as they are.
 */
export class UnsavedEdits {
  #edits: Edit[] = [];
  #sent = 0;

  get count(): number {
    return this.#edits.length;
  }

  add(update: Uint8Array, transaction: Y.Transaction): void {
    this.#edits.push({ update, touched: touchedBy(transaction), sentAs: null });
  }

  /** One update with everything not sent on this connection, or `null`. It counts as the connection's next message. */
  takeUnsent(): Uint8Array | null {
    const waiting = this.#edits.filter((edit) => edit.sentAs === null);
    if (waiting.length === 0) return null;
    this.#sent += 1;
    for (const edit of waiting) edit.sentAs = this.#sent;
    const [only] = waiting;
    return waiting.length === 1 && only ? only.update : Y.mergeUpdates(waiting.map((edit) => edit.update));
  }

  /** The hub has committed this connection's first `upTo` messages. */
  acknowledge(upTo: number): void {
    this.#edits = this.#edits.filter((edit) => edit.sentAs === null || edit.sentAs > upTo);
  }

  /** A new connection counts from one, and what was not acknowledged must go again. */
  startConnection(): void {
    this.#sent = 0;
    for (const edit of this.#edits) edit.sentAs = null;
  }

  clear(): void {
    this.#edits = [];
    this.#sent = 0;
  }

  touched(): Touched {
    const all = new Map<string, Set<string>>();
    for (const { touched } of this.#edits) {
      for (const [record, fields] of touched)
        all.set(record, new Set([...(all.get(record) ?? []), ...fields]));
    }
    return all;
  }

  merged(): Uint8Array {
    return Y.mergeUpdates(this.#edits.map((edit) => edit.update));
  }
}
