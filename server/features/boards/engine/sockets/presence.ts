import type { Clock, Millis } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import { boardEngineTimes as times } from '../../limits.ts';
import { gone, type PresenceEntry, presenceFrame } from '../../wire/messages.ts';
import { sharedFrame } from '../../wire/shared-frame.ts';
import type { BoardLink } from '../nodes/board-link.ts';
import type { BoardWord, Shown } from '../nodes/board-words.ts';
import { RemotePresence } from '../nodes/remote-presence.ts';
import type { BoardSocket } from './board-socket.ts';
import { named } from './named.ts';

type Here = { readonly socket: BoardSocket; readonly clock: number; readonly state: string };

/** Who is at the board, and where they point. Never stored; every state carries the name the session gives. [BD-18] */
export class Presence {
  readonly #here = new Map<number, Here>();
  readonly #elsewhere = new RemotePresence();
  readonly #changed = new Map<number, PresenceEntry>();
  /** Of what changed, what the other nodes have to be told. */
  readonly #toTell = new Map<number, Shown>();
  readonly #sockets: ReadonlySet<BoardSocket>;
  readonly #clock: Clock;
  readonly #link: BoardLink;
  readonly #ghost: (count: number) => void;
  #scheduled = false;
  #renewedAt: Millis;

  constructor(
    sockets: ReadonlySet<BoardSocket>,
    around: { readonly clock: Clock; readonly link: BoardLink; readonly ghost: (count: number) => void },
  ) {
    this.#sockets = sockets;
    this.#clock = around.clock;
    this.#link = around.link;
    this.#ghost = around.ghost;
    this.#renewedAt = around.clock.now();
    this.#link.ask();
  }

  /** Whose client id this is while they are here, or on another node. */
  officerOf(client: number): OfficerId | null {
    return (
      this.#here.get(client)?.socket.pass.session.officer ?? this.#elsewhere.get(client)?.officer ?? null
    );
  }

  /**
   * Takes the socket's own entry and passes over all others, because stock clients repeat what they hear of everybody.
   * `false` when its state is too large or not an object.
   */
  hear(socket: BoardSocket, entries: readonly PresenceEntry[], mine: (client: number) => boolean): boolean {
    for (const entry of entries) {
      if (socket.presenceId === null && this.#mayBe(socket, entry.client) && mine(entry.client)) {
        socket.presenceId = entry.client;
      }
      if (entry.client !== socket.presenceId) continue;
      const held = this.#here.get(entry.client);
      if (held !== undefined && entry.clock < held.clock) continue;
      const state = entry.state === gone ? gone : named(entry.state, socket.pass.session);
      if (state === null) return false;
      if (state === gone) this.#here.delete(entry.client);
      else this.#here.set(entry.client, { socket, clock: entry.clock, state });
      this.#elsewhere.forget(entry.client);
      this.#tell(socket, { client: entry.client, clock: entry.clock, state });
    }
    return true;
  }

  /** Goes with the clock that is known: one more would hide a quick return under the same id. */
  leave(socket: BoardSocket): void {
    const client = socket.presenceId;
    if (client === null) return;
    const held = this.#here.get(client);
    if (held === undefined || held.socket !== socket) return;
    this.#here.delete(client);
    this.#tell(socket, { client, clock: held.clock, state: gone });
  }

  show(to: BoardSocket): void {
    const here = [...this.#here].map(([client, { clock, state }]) => ({ client, clock, state }));
    const all = [...here, ...this.#elsewhere.entries()];
    if (all.length > 0) to.sendPresence(sharedFrame(presenceFrame(all)));
  }

  /** What another node says of its own sockets. [BD-26] */
  hearNode(word: BoardWord): void {
    const now = this.#clock.now();
    switch (word.kind) {
      case 'committed':
        return;
      case 'ask':
        this.#link.shown(this.#all(), true);
        return;
      case 'here': {
        const { left, unknown } = this.#elsewhere.here(word.node, word.clients, now);
        this.#pass(left);
        if (unknown) this.#link.ask();
        return;
      }
      case 'shown':
        this.#pass(
          this.#elsewhere.shown(
            word,
            word.states.filter((shown) => this.#yields(shown, word)),
            now,
          ),
        );
    }
  }

  /** Called often: renews this node's word, and drops those whose node is silent. */
  tick(now: Millis): void {
    const ghosts = this.#elsewhere.expire(now);
    this.#ghost(ghosts.length);
    this.#pass(ghosts);
    if (now - this.#renewedAt < times.presenceRenewal) return;
    this.#renewedAt = now;
    if (this.#here.size > 0) this.#link.here([...this.#here].map(([client, { clock }]) => [client, clock]));
  }

  /** Nobody is here any more, and the other nodes hear of it at once. */
  end(): void {
    this.#link.here([]);
  }

  /** Whether what another node says of a client id counts, although it may be here: the newest socket has it. */
  #yields({ client, clock, state, officer }: Shown, { again }: { readonly again: boolean }): boolean {
    const held = this.#here.get(client);
    if (held === undefined) return true;
    const newer = clock > held.clock || (clock === held.clock && !again);
    if (state === gone || !newer || held.socket.pass.session.officer !== officer) return false;
    this.#here.delete(client);
    return true;
  }

  #all(): Shown[] {
    return [...this.#here].map(([client, { clock, state, socket }]) => ({
      client,
      clock,
      state,
      officer: socket.pass.session.officer,
    }));
  }

  /** Nobody else's; an old socket of the same officer gives way. */
  #mayBe(socket: BoardSocket, client: number): boolean {
    const officer = this.officerOf(client);
    return officer === null || officer === socket.pass.session.officer;
  }

  #tell(socket: BoardSocket, entry: PresenceEntry): void {
    this.#toTell.set(entry.client, { ...entry, officer: socket.pass.session.officer });
    this.#pass([entry]);
  }

  #pass(entries: readonly PresenceEntry[]): void {
    for (const entry of entries) this.#changed.set(entry.client, entry);
    if (this.#scheduled || this.#changed.size === 0) return;
    this.#scheduled = true;
    this.#clock.after(times.presence, () => this.#flush());
  }

  /** One frame for all: encoded once. */
  #flush(): void {
    this.#scheduled = false;
    const frame = sharedFrame(presenceFrame([...this.#changed.values()]));
    const told = [...this.#toTell.values()];
    this.#changed.clear();
    this.#toTell.clear();
    if (told.length > 0) this.#link.shown(told, false);
    for (const socket of this.#sockets) socket.sendPresence(frame);
  }
}
