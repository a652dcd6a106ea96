import type * as Y from 'yjs';

import { type Card, readCard } from '#shared/board/card.ts';
import { root } from '#shared/board/document.ts';
import { type Frame, readFrame } from '#shared/board/frame.ts';
import { type Link, readLink } from '#shared/board/link.ts';
import type { Damaged } from '#shared/board/shape.ts';

type Changed = { readonly path: readonly (string | number)[]; readonly keys: ReadonlyMap<string, unknown> };
type Name = 'cards' | 'links' | 'frames';
export type DamagedRecord = Damaged & { readonly root: Name };

/** The board on screen. A record that did not change keeps its object. */
export type BoardSnapshot = {
  readonly cards: ReadonlyMap<string, Card>;
  readonly links: ReadonlyMap<string, Link>;
  readonly frames: ReadonlyMap<string, Frame>;
  readonly damaged: ReadonlyMap<string, DamagedRecord>;
};

export const emptyBoard: BoardSnapshot = {
  cards: new Map(),
  links: new Map(),
  frames: new Map(),
  damaged: new Map(),
};

/** Reads a document once and then only what changes in it. */
export class BoardStore {
  readonly #doc: Y.Doc;
  readonly #listeners = new Set<() => void>();
  readonly #unobserve: () => void;
  #snapshot = emptyBoard;

  constructor(doc: Y.Doc) {
    this.#doc = doc;
    const observers = (['cards', 'links', 'frames'] as const).map((name) => {
      const map = root(doc, name);
      this.#read(name, map.keys());
      const observe = (events: readonly Changed[]) => this.#read(name, changedIds(events));
      map.observeDeep(observe);
      return () => map.unobserveDeep(observe);
    });
    this.#unobserve = () => {
      for (const stop of observers) stop();
    };
  }

  readonly snapshot = (): BoardSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  destroy(): void {
    this.#unobserve();
    this.#listeners.clear();
  }

  #read(name: Name, ids: Iterable<string>): void {
    const records = new Map<string, Card | Link | Frame>(this.#snapshot[name]);
    const damaged = new Map(this.#snapshot.damaged);
    for (const id of new Set(ids)) {
      records.delete(id);
      damaged.delete(`${name}/${id}`);
      const value = root(this.#doc, name).get(id);
      if (value === undefined) continue;
      const record = readers[name](id, value);
      if (record.state === 'damaged') damaged.set(`${name}/${id}`, { ...record, root: name });
      else records.set(id, record);
    }
    this.#snapshot = { ...this.#snapshot, [name]: records, damaged };
    for (const listener of this.#listeners) listener();
  }
}

const readers = { cards: readCard, links: readLink, frames: readFrame } as const;

function* changedIds(events: readonly Changed[]): Iterable<string> {
  for (const event of events) {
    const [id] = event.path;
    if (typeof id === 'string') yield id;
    else yield* event.keys.keys();
  }
}
