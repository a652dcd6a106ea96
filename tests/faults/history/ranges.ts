import * as Y from 'yjs';

/** Clocks `from ≤ clock < to` of one client id. */
export type Range = { readonly client: number; readonly from: number; readonly to: number };

/** What an update brings, and what it deletes. */
export type Contents = { readonly brings: readonly Range[]; readonly deletes: readonly Range[] };

export function contentsOf(update: Uint8Array): Contents {
  const { structs, ds } = Y.decodeUpdate(update);
  const brings = structs
    .filter((struct) => struct.constructor.name !== 'Skip')
    .map(({ id, length }) => ({ client: id.client, from: id.clock, to: id.clock + length }));
  const deletes = [...ds.clients].flatMap(([client, items]) =>
    items.map(({ clock, len }) => ({ client, from: clock, to: clock + len })),
  );
  return { brings, deletes };
}

/** A set of clocks, kept as ranges. */
export class Ranges {
  readonly #byClient = new Map<number, [number, number][]>();
  #tidy = true;

  add(ranges: readonly Range[]): void {
    for (const { client, from, to } of ranges) {
      const held = this.#byClient.get(client);
      if (held === undefined) this.#byClient.set(client, [[from, to]]);
      else held.push([from, to]);
    }
    this.#tidy = false;
  }

  has({ client, from, to }: Range): boolean {
    this.#tidyUp();
    return (this.#byClient.get(client) ?? []).some(([start, end]) => start <= from && to <= end);
  }

  /** Those of `ranges` that are not wholly here. */
  lacks(ranges: readonly Range[]): Range[] {
    return ranges.filter((range) => !this.has(range));
  }

  all(): Range[] {
    this.#tidyUp();
    return [...this.#byClient].flatMap(([client, held]) => held.map(([from, to]) => ({ client, from, to })));
  }

  #tidyUp(): void {
    if (this.#tidy) return;
    for (const [client, held] of this.#byClient) {
      const joined: [number, number][] = [];
      for (const [from, to] of held.sort((a, b) => a[0] - b[0])) {
        const last = joined.at(-1);
        if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
        else joined.push([from, to]);
      }
      this.#byClient.set(client, joined);
    }
    this.#tidy = true;
  }
}
