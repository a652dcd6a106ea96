import type { Awareness } from 'y-protocols/awareness';

import { personColour } from '#client/ui/item/person-colour.ts';

/** Somebody else on this board. Name and country are the hub's word, the rest their own. */
export type Other = {
  readonly client: number;
  readonly name: string;
  readonly country: string;
  readonly colour: string;
  /** Board units. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly selection: readonly string[];
};

/** What this page says of itself. The hub adds `user`. */
export type Said = { readonly cursor: Other['cursor']; readonly selection: readonly string[] };

const MOST_SELECTED = 50;

/** Follows a board's awareness and keeps two pictures: who is where, and who holds which card. */
export class BoardPresence {
  readonly #awareness: Awareness;
  readonly #listeners = new Set<() => void>();
  readonly #unobserve: () => void;
  #others: readonly Other[] = [];
  #holders: ReadonlyMap<string, Other> = new Map();

  constructor(awareness: Awareness) {
    this.#awareness = awareness;
    const observe = () => this.#read();
    awareness.on('change', observe);
    this.#unobserve = () => awareness.off('change', observe);
    this.#read();
  }

  readonly others = (): readonly Other[] => this.#others;
  /** Card or frame id to the first who selected it; the same map until a selection changes. */
  readonly holders = (): ReadonlyMap<string, Other> => this.#holders;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  say(change: Partial<Said>): void {
    const before = this.#awareness.getLocalState() ?? {};
    const selection = change.selection?.slice(0, MOST_SELECTED);
    this.#awareness.setLocalState({ ...before, ...change, ...(selection ? { selection } : {}) });
  }

  destroy(): void {
    this.#unobserve();
    this.#listeners.clear();
  }

  #read(): void {
    this.#others = [...this.#awareness.getStates()]
      .filter(([client]) => client !== this.#awareness.clientID)
      .flatMap(([client, state]) => readOther(client, state) ?? []);
    const holders = new Map<string, Other>();
    for (const other of this.#others) {
      for (const id of other.selection) if (!holders.has(id)) holders.set(id, other);
    }
    if (!sameHolders(holders, this.#holders)) this.#holders = holders;
    for (const listener of this.#listeners) listener();
  }
}

function sameHolders(a: ReadonlyMap<string, Other>, b: ReadonlyMap<string, Other>): boolean {
  return a.size === b.size && [...a].every(([id, other]) => b.get(id)?.client === other.client);
}

function readOther(client: number, state: unknown): Other | null {
  if (!isObject(state) || !isObject(state.user)) return null;
  const { name, country, officer } = state.user;
  if (typeof name !== 'string') return null;
  const selection = Array.isArray(state.selection) ? state.selection : [];
  return {
    client,
    name: name.slice(0, 60),
    country: typeof country === 'string' ? country.slice(0, 3) : '',
    colour: personColour(typeof officer === 'string' ? officer : name),
    cursor: readCursor(state.cursor),
    selection: selection.filter((id) => typeof id === 'string').slice(0, MOST_SELECTED),
  };
}

function readCursor(value: unknown): Other['cursor'] {
  if (!isObject(value)) return null;
  const { x, y } = value;
  const known = typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y);
  return known ? { x, y } : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
