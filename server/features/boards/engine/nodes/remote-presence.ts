import type { Millis } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import { boardEngineTimes as times } from '../../limits.ts';
import { gone, type PresenceEntry } from '../../wire/messages.ts';
import type { Shown } from './board-words.ts';

type Held = {
  readonly node: string;
  readonly clock: number;
  readonly state: string;
  readonly officer: OfficerId;
};

/** Who is at the board on other nodes, each for as long as their node's word holds. [BD-26] */
export class RemotePresence {
  readonly #held = new Map<number, Held>();
  readonly #until = new Map<string, Millis>();

  get(client: number): Held | undefined {
    return this.#held.get(client);
  }

  entries(): PresenceEntry[] {
    return [...this.#held].map(([client, { clock, state }]) => ({ client, clock, state }));
  }

  /** The client has come to this node. */
  forget(client: number): void {
    this.#held.delete(client);
  }

  /** What is new to this node, to be shown. */
  shown(
    { node, again }: { readonly node: string; readonly again: boolean },
    states: readonly Shown[],
    now: Millis,
  ): PresenceEntry[] {
    this.#renew(node, now);
    return states.flatMap(({ client, clock, state, officer }) => {
      const held = this.#held.get(client);
      if (state === gone) {
        if (held?.node !== node) return [];
        this.#held.delete(client);
        return [{ client, clock, state }];
      }
      if (held !== undefined && (clock < held.clock || (again && held.node !== node))) return [];
      this.#held.set(client, { node, clock, state, officer });
      return [{ client, clock, state }];
    });
  }

  /** Everybody on `node`. `unknown`: there are some of whom nothing was heard. */
  here(
    node: string,
    clients: readonly (readonly [number, number])[],
    now: Millis,
  ): { readonly left: PresenceEntry[]; readonly unknown: boolean } {
    this.#renew(node, now);
    const there = new Set(clients.map(([client]) => client));
    const left = this.#drop((held, client) => held.node === node && !there.has(client));
    const unknown = clients.some(([client, clock]) => (this.#held.get(client)?.clock ?? -1) < clock);
    return { left, unknown };
  }

  /** Whose node has been silent for too long. */
  expire(now: Millis): PresenceEntry[] {
    const silent = new Set<string>();
    for (const [node, until] of this.#until) if (until <= now) silent.add(node);
    if (silent.size === 0) return [];
    for (const node of silent) this.#until.delete(node);
    return this.#drop((held) => silent.has(held.node));
  }

  #renew(node: string, now: Millis): void {
    this.#until.set(node, now + times.presenceLease);
  }

  #drop(which: (held: Held, client: number) => boolean): PresenceEntry[] {
    const dropped: PresenceEntry[] = [];
    for (const [client, held] of this.#held) {
      if (!which(held, client)) continue;
      this.#held.delete(client);
      dropped.push({ client, clock: held.clock, state: gone });
    }
    return dropped;
  }
}
