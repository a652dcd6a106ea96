import * as Y from 'yjs';

import type { Json } from '#shared/kernel/canonical-json.ts';

import { type Change, changesOf, type RecordKind, sayChange } from './change.ts';
import { root } from './document.ts';
import { boardToJson, recordToJson } from './read-board.ts';

const kinds = { cards: 'card', links: 'link', frames: 'frame' } as const satisfies Record<string, RecordKind>;
type Drawn = keyof typeof kinds;
const drawn = Object.keys(kinds) as Drawn[];

/** One act and what it did; `sentences` are its changes in words, without the subject. */
export type Act = { readonly changes: readonly Change[]; readonly sentences: readonly string[] };

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
    const framesBefore = new Map(this.#shadow.frames);
    const changes = drawn.flatMap((name) =>
      [...touched[name]].sort().flatMap((id) => this.#compare(name, id)),
    );
    const frameName = (id: string) => titleOf(this.#shadow.frames.get(id) ?? framesBefore.get(id));
    return { changes, sentences: changes.map((change) => sayChange(change, frameName)) };
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

function titleOf(frame: Json | undefined): string {
  const title =
    typeof frame === 'object' && frame !== null && !Array.isArray(frame) && 'title' in frame
      ? frame.title
      : null;
  return typeof title === 'string' ? title : 'a frame';
}
