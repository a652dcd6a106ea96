import { io, type Socket } from 'socket.io-client';

import type { Answer, ClientToServer, Entered, Frame, ServerToClient } from '#shared/contracts/rooms.ts';

import type { Ledger, Shown } from '../history/ledger.ts';
import { pause } from '../support/chance.ts';
import type { Desk } from './acts.ts';

/** The hub sends away whoever it cannot serve as it is, and lets them enter again. */
const notForGood: ReadonlySet<string> = new Set(['store.unavailable', 'record.restored']);

type RoomSocket = Socket<ServerToClient, ClientToServer>;

/** Follows the room as the page does: enters with what it has, takes frames in order, comes again when cut off. */
export class RoomFollower {
  readonly shown: Shown;
  readonly #desk: Desk;
  readonly #ledger: Ledger;
  /** Of the rights under which it reads, and how often the database had been put back then. */
  #reads: { readonly epoch: number; readonly restorations: number } | null = null;
  #socket: RoomSocket | null = null;
  #over = false;
  /** The code with which the hub ended it for good. */
  ended: string | null = null;
  #open = false;

  constructor(desk: Desk, ledger: Ledger) {
    this.#desk = desk;
    this.#ledger = ledger;
    this.shown = ledger.shownTo(desk.handle);
    void this.#follow();
  }

  /** Ended, and the line is gone. */
  get isShutOut(): boolean {
    return this.ended !== null && !this.#open;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get cursor(): number {
    return this.shown.cursor;
  }

  leave(): void {
    this.#over = true;
    this.#socket?.disconnect();
  }

  async #follow(): Promise<void> {
    while (!this.#over && this.ended === null) {
      await this.#visit();
      await pause(80);
    }
  }

  /** Resolves when the line is gone. */
  #visit(): Promise<void> {
    const { cookie, url, operation } = this.#desk;
    return new Promise((gone) => {
      const socket: RoomSocket = io(url, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        timeout: 4_000,
        extraHeaders: { origin: url, cookie },
      });
      this.#socket = socket;
      const hangUp = () => {
        this.#open = false;
        socket.removeAllListeners();
        socket.disconnect();
        gone();
      };
      socket.on('connect_error', hangUp);
      socket.on('disconnect', hangUp);
      socket.on('ended', ({ code }) => {
        if (!notForGood.has(code)) this.ended = code;
      });
      socket.on('frame', (frame) => {
        if (!this.#readsOn(frame.aclEpoch) || !this.#take(frame)) hangUp();
      });
      socket.on('connect', () => {
        this.#open = true;
        const entered = (answer: Answer<Entered>) => {
          if (answer.ok) {
            if (!this.#readsOn(answer.reply.aclEpoch)) hangUp();
            return;
          }
          if (answer.refusal.code === 'record.restored') this.#readAgain();
          if (answer.refusal.code === 'not.found') this.ended = answer.refusal.code;
          hangUp();
        };
        socket.emit('room.enter', { operationId: operation, since: this.cursor }, entered);
      });
    });
  }

  /**
   * False when it has to enter anew. A page fetches everything again under other rights; here that counts only after a
   * restore, so that every other time the frames alone must give the whole room. [RM-2] [RM-10]
   */
  #readsOn(epoch: number): boolean {
    const { restorations } = this.#ledger;
    const before = this.#reads;
    if (before === null || before.epoch === epoch) {
      this.#reads ??= { epoch, restorations };
      return true;
    }
    this.#reads = { epoch, restorations };
    if (before.restorations === restorations) return true;
    this.#readAgain();
    return false;
  }

  #readAgain(): void {
    this.shown.cursor = 0;
    this.shown.entries.length = 0;
  }

  /** False when something is missing before it. */
  #take(frame: Frame): boolean {
    const { shown } = this;
    if (frame.from > shown.cursor) {
      shown.faults.push(`a frame from ${frame.from} to a reader who had ${shown.cursor}`);
      return false;
    }
    shown.entries.push(...frame.entries.filter(({ seq }) => seq >= shown.cursor));
    shown.cursor = Math.max(shown.cursor, frame.to);
    return true;
  }
}
