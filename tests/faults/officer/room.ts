import { io, type Socket } from 'socket.io-client';

import type { Answer, ClientToServer, Frame, ServerToClient } from '#shared/contracts/rooms.ts';

import type { Ledger, Shown } from '../history/ledger.ts';
import { pause } from '../support/chance.ts';
import type { Desk } from './acts.ts';

type RoomSocket = Socket<ServerToClient, ClientToServer>;

/** Follows the room as the page does: enters with what it has, takes frames in order, comes again when cut off. */
export class RoomFollower {
  readonly shown: Shown;
  readonly #desk: Desk;
  #socket: RoomSocket | null = null;
  #over = false;
  /** The code with which the hub ended it for good. */
  ended: string | null = null;
  #open = false;

  constructor(desk: Desk, ledger: Ledger) {
    this.#desk = desk;
    this.shown = ledger.shownTo(desk.handle);
    void this.#follow();
  }

  /** Ended, and the line is gone. */
  get isShutOut(): boolean {
    return this.ended !== null && !this.#open;
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
        if (code !== 'store.unavailable') this.ended = code;
      });
      socket.on('frame', (frame) => {
        if (!this.#take(frame)) hangUp();
      });
      socket.on('connect', () => {
        this.#open = true;
        const entered = (answer: Answer<{ head: number }>) => {
          if (answer.ok) return;
          if (answer.refusal.code === 'not.found') this.ended = answer.refusal.code;
          hangUp();
        };
        socket.emit('room.enter', { operationId: operation, since: this.cursor }, entered);
      });
    });
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
