import type { Bus } from '#server/platform/bus/bus.ts';
import type { BoardId } from '#shared/kernel/ids.ts';

import { boardEngineLimits as limits } from '../../limits.ts';
import { type BoardWord, type News, readWord, type Shown } from './board-words.ts';

export type LinkDeps = {
  readonly bus: Bus;
  /** Names this process among the nodes; another after each start. */
  readonly node: string;
  readonly failed: (error: unknown) => void;
};

/** What the other nodes say about one board, and what this one says to them. Waits for nothing and promises nothing. */
export class BoardLink {
  readonly #deps: LinkDeps;
  readonly #channel: string;
  readonly #listeners: ((word: BoardWord) => void)[] = [];
  #end: () => void;

  constructor(deps: LinkDeps, board: BoardId) {
    this.#deps = deps;
    this.#channel = `board:${board}`;
    let ended = false;
    this.#end = () => {
      ended = true;
    };
    // With the bus away this takes until it is back; opening the board does not wait for it.
    deps.bus
      .subscribe(this.#channel, (message) => this.#hear(message))
      .then((end) => {
        if (ended) end();
        else this.#end = end;
      }, deps.failed);
  }

  listen(listener: (word: BoardWord) => void): void {
    this.#listeners.push(listener);
  }

  committed(news: News): void {
    const bytes = news.updates?.reduce((sum, update) => sum + update.length, 0) ?? 0;
    const carried = bytes > limits.carriedByBus ? null : (news.updates ?? null);
    const updates = carried?.map((update) => Buffer.from(update).toString('base64')) ?? null;
    this.#say({ kind: 'committed', ...news, updates });
  }

  /** In as many messages as the bus's size limit asks for. */
  shown(states: readonly Shown[], again: boolean): void {
    let part: Shown[] = [];
    let bytes = 0;
    for (const state of states) {
      if (bytes + state.state.length > limits.presenceOnBus) {
        this.#say({ kind: 'shown', again, states: part });
        part = [];
        bytes = 0;
      }
      part.push(state);
      bytes += state.state.length + 100;
    }
    if (part.length > 0) this.#say({ kind: 'shown', again, states: part });
  }

  here(clients: readonly (readonly [number, number])[]): void {
    this.#say({ kind: 'here', clients });
  }

  ask(): void {
    this.#say({ kind: 'ask' });
  }

  end(): void {
    this.#listeners.length = 0;
    this.#end();
  }

  #say(word: object): void {
    this.#deps.bus.publish(this.#channel, { ...word, node: this.#deps.node });
  }

  #hear(message: unknown): void {
    // Most of what comes is this node's own word, which need not be read.
    if (Reflect.get(Object(message), 'node') === this.#deps.node) return;
    const word = readWord(message);
    if (word === null) return;
    for (const listener of this.#listeners) listener(word);
  }
}
