import type { Session } from '#server/platform/access.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { utf8 } from '#shared/kernel/encoding.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import { boardEngineLimits as limits, boardEngineTimes as times } from '../../limits.ts';
import { type PresenceEntry, presenceFrame } from '../../wire/messages.ts';
import type { BoardSocket } from './board-socket.ts';

type Here = { readonly socket: BoardSocket; readonly clock: number; readonly state: string };

const gone = 'null';
const colours = ['#1971c2', '#2f9e44', '#e8590c', '#9c36b5', '#0c8599', '#e03131', '#5f3dc4', '#846358'];

/** Who is at the board, and where they point. Never stored; every state carries the name the session gives. [BD-18] */
export class Presence {
  readonly #here = new Map<number, Here>();
  readonly #changed = new Map<number, PresenceEntry>();
  readonly #sockets: ReadonlySet<BoardSocket>;
  readonly #clock: Clock;
  #scheduled = false;

  constructor(sockets: ReadonlySet<BoardSocket>, clock: Clock) {
    this.#sockets = sockets;
    this.#clock = clock;
  }

  /** Whose client id this is while they are here. */
  officerOf(client: number): OfficerId | null {
    return this.#here.get(client)?.socket.pass.session.officer ?? null;
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
      this.#tell({ client: entry.client, clock: entry.clock, state });
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
    this.#tell({ client, clock: held.clock, state: gone });
  }

  show(to: BoardSocket): void {
    if (this.#here.size === 0) return;
    to.sendPresence(
      presenceFrame([...this.#here].map(([client, { clock, state }]) => ({ client, clock, state }))),
    );
  }

  /** Nobody else's; an old socket of the same officer gives way. */
  #mayBe(socket: BoardSocket, client: number): boolean {
    const officer = this.officerOf(client);
    return officer === null || officer === socket.pass.session.officer;
  }

  #tell(entry: PresenceEntry): void {
    this.#changed.set(entry.client, entry);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#clock.after(times.presence, () => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const frame = presenceFrame([...this.#changed.values()]);
    this.#changed.clear();
    for (const socket of this.#sockets) socket.sendPresence(frame);
  }
}

function named(text: string, session: Session): string | null {
  if (utf8(text).length > limits.presenceState) return null;
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return null;
  const user = {
    officer: session.officer,
    name: session.name,
    desk: session.desk.code,
    country: session.country,
    color: colours[Number.parseInt(session.officer.slice(0, 2), 16) % colours.length],
  };
  return JSON.stringify({ ...state, user });
}
