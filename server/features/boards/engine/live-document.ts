import * as Y from 'yjs';

import { rootNames } from '#shared/board/document.ts';

import type { Clock } from '#shared/kernel/clock.ts';
import { boardEngineLimits as limits, boardEngineTimes as times } from '../limits.ts';
import type { Span } from '../wire/scan-update.ts';
import { slicesOf } from './checkpoints/slices.ts';
import { standsWell } from './placement.ts';

/** Entries applied as one transaction of the document while it is read in. */
const updatesAtOnce = 100;

type AnyType = Parameters<Y.Transaction['changed']['get']>[0];

/** Applying went wrong half-way, or showed what could not be seen before: the document must be thrown away. */
export class Poisoned extends Error {
  constructor(what: string, cause?: unknown) {
    super(what, { cause });
    this.name = 'Poisoned';
  }
}

/**
 * The Y.Doc of an open board and nothing else: what is stored, plus, while a commit is in flight, the batch in it.
 * gc is on; history comes from the record.
 */
export class LiveDocument {
  readonly #doc = new Y.Doc({ gc: true });
  #emitted: Uint8Array[] = [];
  #violation: string | null = null;
  /** While somebody's change is applied, not what is on the record already. */
  #inspecting = false;

  readonly #emit = (update: Uint8Array) => this.#emitted.push(update);

  constructor() {
    this.#doc.on('update', this.#emit);
    this.#doc.on('beforeObserverCalls', (transaction: Y.Transaction) => this.#inspect(transaction));
  }

  /** From what is on the record: a checkpoint, then entries (V1). A piece at a time, with others in between. [BD-27] */
  static async read(
    checkpoint: Uint8Array | null,
    updates: readonly Uint8Array[],
    clock: Clock,
  ): Promise<LiveDocument> {
    const document = new LiveDocument();
    const doc = document.#doc;
    doc.off('update', document.#emit);
    let end = clock.now() + times.readSlice;
    const breathe = async () => {
      if (clock.now() < end) return;
      await new Promise<void>((resume) => clock.after(0, resume));
      end = clock.now() + times.readSlice;
    };
    for (const slice of checkpoint === null ? [] : slicesOf(checkpoint)) {
      Y.applyUpdateV2(doc, slice);
      await breathe();
    }
    for (let from = 0; from < updates.length; from += updatesAtOnce) {
      doc.transact(() => {
        for (const update of updates.slice(from, from + updatesAtOnce)) Y.applyUpdate(doc, update);
      });
      await breathe();
    }
    document.#mustBeWhole();
    doc.on('update', document.#emit);
    return document;
  }

  /** How many clocks of `client` are here. */
  clock(client: number): number {
    return Y.getState(this.#doc.store, client);
  }

  /** True when every struct in `span` is here and deleted. */
  isDeleted(span: Span): boolean {
    const structs = this.#doc.store.clients.get(span.client);
    if (structs === undefined || span.to > this.clock(span.client)) return false;
    for (let at = Y.findIndexSS(structs, span.from); at < structs.length; at++) {
      const struct = structs[at];
      if (struct === undefined || struct.id.clock >= span.to) return true;
      if (!struct.deleted) return false;
    }
    return true;
  }

  /**
   * Runs `work`, in which `apply` may be called any number of times, and returns what all of it changed as one
   * update; `null` when nothing. Throws `Poisoned`.
   */
  change(work: (apply: (update: Uint8Array) => void) => void): Uint8Array | null {
    this.#emitted = [];
    this.#violation = null;
    this.#inspecting = true;
    try {
      this.#doc.transact(() => work((update) => Y.applyUpdate(this.#doc, update)));
    } catch (cause) {
      throw new Poisoned('a change could not be applied', cause);
    } finally {
      this.#inspecting = false;
    }
    if (this.#violation !== null) throw new Poisoned(this.#violation);
    if (this.#doc.store.pendingStructs !== null || this.#doc.store.pendingDs !== null) {
      throw new Poisoned('a change left something pending');
    }
    const [first, ...more] = this.#emitted;
    this.#emitted = [];
    if (first === undefined) return null;
    return more.length === 0 ? first : Y.mergeUpdates([first, ...more]);
  }

  /** Applies later entries of the record; returns what was new. */
  follow(updates: readonly Uint8Array[]): Uint8Array | null {
    this.#emitted = [];
    this.#doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.#doc, update);
    });
    const emitted = this.#emitted;
    this.#emitted = [];
    this.#mustBeWhole();
    return emitted.length === 0 ? null : Y.mergeUpdates(emitted);
  }

  #mustBeWhole(): void {
    if (this.#doc.store.pendingStructs === null && this.#doc.store.pendingDs === null) return;
    throw new Poisoned('the record of this board has a gap');
  }

  vector(): Uint8Array {
    return Y.encodeStateVector(this.#doc);
  }

  /** What somebody with `vector` is missing. Throws on a vector that is none. */
  missing(vector: Uint8Array): Uint8Array {
    return Y.encodeStateAsUpdate(this.#doc, vector);
  }

  destroy(): void {
    this.#doc.destroy();
  }

  /** Sees every type that something was written into, also where the update names neither it nor its root. [BD-10] */
  #inspect(transaction: Y.Transaction): void {
    if (!this.#inspecting) return;
    // `changed` leaves out types that are new themselves; those are found as parents of new items.
    const types = new Set(transaction.changed.keys());
    for (const item of newItems(transaction)) {
      if (item.parent instanceof Y.AbstractType) types.add(item.parent);
      if (!standsWell(item, this.#doc)) this.#violation = 'an item in a place of no list';
    }
    for (const type of types) this.#checkPlace(type);
  }

  #checkPlace(type: AnyType): void {
    let depth = 0;
    let top = type;
    for (; top._item !== null && depth <= limits.depth; depth++) {
      const { parent } = top._item;
      if (!(parent instanceof Y.AbstractType)) break;
      top = parent;
    }
    if (depth > limits.depth) this.#violation = 'types nested too deep';
    else if (top._item === null) this.#checkRoot(Y.findRootTypeKey(top));
  }

  #checkRoot(name: string): void {
    if (name === 'meta') this.#violation = 'a change of the part that only the hub writes';
    else if (!rootNames.some((known) => known === name)) this.#violation = 'an unknown root';
  }
}

function* newItems(transaction: Y.Transaction): Iterable<Y.Item> {
  for (const [client, clock] of transaction.afterState) {
    const before = transaction.beforeState.get(client) ?? 0;
    const structs = transaction.doc.store.clients.get(client);
    if (before === clock || structs === undefined) continue;
    for (let at = Y.findIndexSS(structs, before); at < structs.length; at++) {
      const struct = structs[at];
      if (struct instanceof Y.Item) yield struct;
    }
  }
}
