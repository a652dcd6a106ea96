import * as Y from 'yjs';

import type { Json } from '#shared/kernel/canonical-json.ts';

import { type Change, changesOf, fieldsOf, nameOf, type RecordKind, sayChange } from './change.ts';
import { root } from './document.ts';
import { boardToJson, recordToJson } from './read-board.ts';

const kinds = { cards: 'card', links: 'link', frames: 'frame' } as const satisfies Record<string, RecordKind>;
type Drawn = keyof typeof kinds;
const drawn = Object.keys(kinds) as Drawn[];

/** One act and what it did; `sentences` are its changes in words, without the subject. */
export type Act = {
  readonly changes: readonly Change[];
  readonly sentences: readonly string[];
  /** Every record it touched, malformed ones too, and the cards at the ends of its links. */
  readonly touched: ReadonlySet<string>;
};

/** A card or a frame that did not change. */
export type StillRecord = { readonly kind: RecordKind; readonly id: string; readonly value: Json };

/** What many acts came to. */
export type Told = Pick<Act, 'changes' | 'sentences'> & {
  /** Of each change, the place in the list of the act that last had a part in it. */
  readonly lasts: readonly number[];
  /** The records of these changes whole, as they lay before and after. */
  readonly records: ReadonlyMap<string, { readonly before: Json; readonly after: Json }>;
  readonly still: readonly StillRecord[];
};

/**
 * A board as it grew: apply its changes in the order of the record and stop anywhere. Keeps a plain copy of every
 * record, because a deleted one can no longer be read from the document. [CB-21]
 */
export class BoardReplay {
  readonly #doc = new Y.Doc();
  readonly #shadow: Record<Drawn, Map<string, Json>> = {
    cards: new Map(),
    links: new Map(),
    frames: new Map(),
  };

  constructor() {
    // Named before the first change arrives: Yjs would otherwise report that one under types it then replaces.
    for (const name of drawn) root(this.#doc, name);
  }

  /** Brings the replay to a state without asking who did what. */
  restore(updates: readonly Uint8Array[]): void {
    this.#doc.transact(() => {
      for (const update of updates) Y.applyUpdate(this.#doc, update);
    });
    for (const name of drawn) {
      this.#shadow[name] = new Map(
        [...root(this.#doc, name).entries()].map(([id, value]) => [id, recordToJson(value)]),
      );
    }
  }

  /** Applies one change of the record and says what it did. */
  apply(update: Uint8Array): Act {
    const touched: Record<Drawn, Set<string>> = { cards: new Set(), links: new Set(), frames: new Set() };
    const note = (transaction: Y.Transaction) => this.#noteTouched(transaction, touched);
    this.#doc.on('afterTransaction', note);
    Y.applyUpdate(this.#doc, update);
    this.#doc.off('afterTransaction', note);
    const ids = new Set<string>();
    const gone = new Map<string, Json>();
    const changes = drawn.flatMap((name) =>
      [...touched[name]].sort().flatMap((id) => {
        const was = this.#shadow[name].get(id);
        const found = this.#compare(name, id);
        const is = this.#shadow[name].get(id);
        if (was !== undefined && is === undefined) gone.set(id, was);
        const ends = name === 'links' ? [...endsOf(was), ...endsOf(is)] : [];
        for (const one of [id, ...ends]) ids.add(one);
        return found;
      }),
    );
    const { cards, frames } = this.#shadow;
    const titleOf = (id: string) => nameOf(cards.get(id) ?? frames.get(id) ?? gone.get(id) ?? null);
    return { changes, sentences: changes.map((change) => sayChange(change, titleOf)), touched: ids };
  }

  /** Applies changes in order and says what they came to: what was done and undone among them is no change. */
  applyAll(updates: readonly Uint8Array[]): Told {
    const before = { ...this.#shadow };
    for (const name of drawn) before[name] = new Map(this.#shadow[name]);
    const lasts = new Map<string, number>();
    for (const [at, update] of updates.entries())
      for (const change of this.apply(update).changes)
        for (const key of [change.id, placeOf(change)]) lasts.set(key, at);
    const records: Map<string, { before: Json; after: Json }> = new Map();
    const still: StillRecord[] = [];
    const changes = drawn.flatMap((name) =>
      [...new Set([...before[name].keys(), ...this.#shadow[name].keys()])].sort().flatMap((id) => {
        const [was, is] = [before[name].get(id) ?? null, this.#shadow[name].get(id) ?? null];
        const found = lasts.has(id) ? changesOf(kinds[name], id, was, is) : [];
        if (found.length > 0) records.set(id, { before: was, after: is });
        else if (name !== 'links' && is !== null) still.push({ kind: kinds[name], id, value: is });
        return found;
      }),
    );
    const titleOf = (id: string) =>
      nameOf(
        this.#shadow.cards.get(id) ??
          this.#shadow.frames.get(id) ??
          before.cards.get(id) ??
          before.frames.get(id) ??
          null,
      );
    return {
      changes,
      sentences: changes.map((change) => sayChange(change, titleOf)),
      lasts: changes.map((change) => lasts.get(placeOf(change)) ?? lasts.get(change.id) ?? 0),
      records,
      still,
    };
  }

  /** The whole content, as `boardToJson` gives it for a live board at that moment. */
  state(): Json {
    return boardToJson(this.#doc);
  }

  #compare(name: Drawn, id: string): Change[] {
    const before = this.#shadow[name].get(id) ?? null;
    const held = root(this.#doc, name).get(id);
    const after = held === undefined ? null : recordToJson(held);
    if (after === null) this.#shadow[name].delete(id);
    else this.#shadow[name].set(id, after);
    return changesOf(kinds[name], id, before, after);
  }

  #noteTouched(transaction: Y.Transaction, touched: Record<Drawn, Set<string>>): void {
    for (const [type, keys] of transaction.changed) {
      const name = drawn.find((one) => root(this.#doc, one) === (type as unknown));
      if (name !== undefined) {
        for (const key of keys) if (key !== null) touched[name].add(key);
        continue;
      }
      const place = this.#placeOf(type);
      if (place !== null) touched[place.name].add(place.id);
    }
  }

  /** The record that a nested type belongs to. */
  #placeOf(type: Y.AbstractType<Y.YEvent<Y.AbstractType<unknown>>>): { name: Drawn; id: string } | null {
    let at: Y.AbstractType<unknown> | null = type as unknown as Y.AbstractType<unknown>;
    for (let depth = 0; at !== null && depth < 32; depth++) {
      const parent: Y.AbstractType<unknown> | null = at.parent as Y.AbstractType<unknown> | null;
      const name = drawn.find((one) => root(this.#doc, one) === (parent as unknown));
      if (name !== undefined) {
        const id = at._item?.parentSub;
        return id == null ? null : { name, id };
      }
      at = parent;
    }
    return null;
  }
}

/** A field of a record, or where it lies. */
function placeOf({ id, what, field }: Change): string {
  return `${id} ${what} ${field}`;
}

/** The cards that a link joins. */
function endsOf(link: Json | undefined): string[] {
  const { from, to } = fieldsOf(link) ?? {};
  return [from, to].filter((end) => typeof end === 'string');
}
