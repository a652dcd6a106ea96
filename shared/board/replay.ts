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

/** The cards that a link joins. */
function endsOf(link: Json | undefined): string[] {
  const { from, to } = fieldsOf(link) ?? {};
  return [from, to].filter((end) => typeof end === 'string');
}
