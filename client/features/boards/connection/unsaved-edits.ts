import * as Y from 'yjs';

import { type Touched, touchedBy } from './touched.ts';

type Edit = { readonly update: Uint8Array; readonly touched: Touched; sentAs: number | null };

/** Below what the hub takes as one change (256 KiB). */
const MOST_BYTES = 200_000;

/**
 * The officer's own edits that the hub has not acknowledged, oldest first. They build only on each other and on what
 * the hub has committed, so they can be sent again as they are.
 */
export class UnsavedEdits {
  #edits: Edit[] = [];
  #sent = 0;
  /** Of every edit made since the last `clear`, acknowledged or not. */
  readonly #ever = new Map<string, Set<string>>();

  get count(): number {
    return this.#edits.length;
  }

  /** What it touched. */
  add(update: Uint8Array, transaction: Y.Transaction): Touched {
    const touched = touchedBy(transaction);
    this.#edits.push({ update, touched, sentAs: null });
    addTo(this.#ever, touched);
    return touched;
  }

  /**
   * The oldest edits not sent on this connection, as one update of at most `MOST_BYTES` (one edit may exceed it), or
   * `null`. It counts as the connection's next message.
   */
  takeUnsent(): Uint8Array | null {
    const taken: Edit[] = [];
    let bytes = 0;
    for (const edit of this.#edits) {
      if (edit.sentAs !== null) continue;
      bytes += edit.update.length;
      if (taken.length > 0 && bytes > MOST_BYTES) break;
      taken.push(edit);
    }
    const [first] = taken;
    if (!first) return null;
    this.countMessage();
    for (const edit of taken) edit.sentAs = this.#sent;
    return taken.length === 1 ? first.update : Y.mergeUpdates(taken.map((edit) => edit.update));
  }

  /** A message went that carries no edit, but is counted by the hub. */
  countMessage(): void {
    this.#sent += 1;
  }

  /** What was sent has been passed over: everything that is not acknowledged must go again. */
  sendAgain(): void {
    for (const edit of this.#edits) edit.sentAs = null;
  }

  /** The hub has committed this connection's first `upTo` messages. */
  acknowledge(upTo: number): void {
    this.#edits = this.#edits.filter((edit) => edit.sentAs === null || edit.sentAs > upTo);
  }

  /** A new connection counts from one, and what was not acknowledged must go again. */
  startConnection(): void {
    this.#sent = 0;
    this.sendAgain();
  }

  clear(): void {
    this.#edits = [];
    this.#sent = 0;
    this.#ever.clear();
  }

  /** What was touched since the last `clear`, saved or not. */
  everTouched(): Touched {
    return new Map([...this.#ever].map(([record, fields]) => [record, new Set(fields)]));
  }

  touched(): Touched {
    const all = new Map<string, Set<string>>();
    for (const { touched } of this.#edits) addTo(all, touched);
    return all;
  }

  merged(): Uint8Array {
    return Y.mergeUpdates(this.#edits.map((edit) => edit.update));
  }
}

function addTo(all: Map<string, Set<string>>, touched: Touched): void {
  for (const [record, fields] of touched) all.set(record, new Set([...(all.get(record) ?? []), ...fields]));
}
