import * as Y from 'yjs';

import { type Chance, pause } from '#tests/faults/support/chance.ts';

import { type BoardPeer, eventually } from '../peer.ts';
import { join, put, type Room } from '../support.ts';

/** An officer who works on the board, points at things on it, and expects not to notice what others suffer. */
export class Worker {
  readonly handle: string;
  readonly peer: BoardPeer;
  edits = 0;
  readonly #chance: Chance;
  #working = true;
  readonly #work: Promise<void>;

  private constructor(handle: string, peer: BoardPeer, chance: Chance) {
    this.handle = handle;
    this.peer = peer;
    this.#chance = chance;
    this.#work = this.#workOn();
  }

  static async join(room: Room, handle: string, chance: Chance): Promise<Worker> {
    const doc = new Y.Doc();
    doc.clientID = chance.int(1, 2 ** 32 - 1);
    return new Worker(handle, await join(room, handle, { doc }), chance);
  }

  get client(): number {
    return this.peer.doc.clientID;
  }

  /** Resolves once all is acknowledged. */
  async rest(): Promise<void> {
    this.#working = false;
    await this.#work;
    await eventually(
      () => this.peer.closed !== null || this.peer.lastAck === this.peer.sent,
      `all of ${this.handle} is acknowledged`,
      30_000,
    );
  }

  /** What is shown of a client id at this officer's desk; `null` once it is gone. */
  sees(client: number): unknown {
    return this.peer.presence.findLast((seen) => seen.client === client)?.state;
  }

  /** Client ids that are shown, gone or not. */
  seen(): number[] {
    return [...new Set(this.peer.presence.map(({ client }) => client))];
  }

  async #workOn(): Promise<void> {
    while (this.#working && this.peer.closed === null) {
      this.edits += 1;
      put(this.peer.doc, `${this.handle} ${this.edits % 50}`, this.edits);
      this.peer.sendPresence([
        { client: this.client, clock: this.edits, state: JSON.stringify({ at: this.edits }) },
      ]);
      this.#forgetOldPresence();
      await pause(this.#chance.int(10, 60));
    }
  }

  #forgetOldPresence(): void {
    const { presence } = this.peer;
    const latest = new Map(presence.map((seen) => [seen.client, seen]));
    presence.splice(0, presence.length, ...latest.values());
  }
}
