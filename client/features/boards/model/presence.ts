import type { Awareness } from 'y-protocols/awareness';

import { personColour } from '#shared/board/person-colour.ts';

/** Somebody else on this board. Name and country are the hub's word, the rest their own. */
export type Other = {
  readonly client: number;
  readonly name: string;
  readonly country: string;
  readonly colour: string;
  /** Board units. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
  readonly selection: readonly string[];
  readonly typing: Typing | null;
};

/** A field that holds one writer's words at a time: a title, a name, a label. */
export type Typing = { readonly record: string; readonly field: string };

/** What this page says of itself. The hub adds `user`. */
export type Said = Pick<Other, 'cursor' | 'selection' | 'typing'>;

const MOST_SELECTED = 50;

/** Follows a board's awareness and keeps three pictures: who is where, who holds which card, who types in which field. */
export class BoardPresence {
  readonly #awareness: Awareness;
  readonly #listeners = new Set<() => void>();
  readonly #unobserve: () => void;
  #others: readonly Other[] = [];
  #holders: ReadonlyMap<string, Other> = new Map();
  #typists: ReadonlyMap<string, Other> = new Map();

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

  /** `typingKey` to the first who is there; the same map until that changes. */
  readonly typists = (): ReadonlyMap<string, Other> => this.#typists;

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
    const typists = new Map<string, Other>();
    for (const other of this.#others) {
      for (const id of other.selection) if (!holders.has(id)) holders.set(id, other);
      const key = other.typing && typingKey(other.typing);
      if (key !== null && !typists.has(key)) typists.set(key, other);
    }
    if (!sameHolders(holders, this.#holders)) this.#holders = holders;
    if (!sameHolders(typists, this.#typists)) this.#typists = typists;
    for (const listener of this.#listeners) listener();
  }
}

function sameHolders(a: ReadonlyMap<string, Other>, b: ReadonlyMap<string, Other>): boolean {
  return a.size === b.size && [...a].every(([id, other]) => same(other, b.get(id)));
}

function same(a: Other, b: Other | undefined): boolean {
  return a.client === b?.client && a.typing?.record === b.typing?.record;
}

export function typingKey({ record, field }: Typing): string {
  return `${record}/${field}`;
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
    typing: readTyping(state.typing),
  };
}

function readCursor(value: unknown): Other['cursor'] {
  if (!isObject(value)) return null;
  const { x, y } = value;
  const known = typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y);
  return known ? { x, y } : null;
}

function readTyping(value: unknown): Typing | null {
  if (!isObject(value)) return null;
  const { record, field } = value;
  return typeof record === 'string' && typeof field === 'string' ? { record, field } : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
