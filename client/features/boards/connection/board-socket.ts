import { type Clock, every } from '#shared/kernel/clock.ts';

import { type Incoming, readFrame } from './wire.ts';

/** The browser's WebSocket, or one that behaves like it. */
export type OpenSocket = (url: string, protocols: string[]) => WebSocket;

export type SocketEvents = {
  readonly opened: () => void;
  readonly received: (message: Incoming) => void;
  /** Once, and nothing after it. `code` 0: closed here, for silence. */
  readonly closed: (code: number, reason: string) => void;
};

/** The hub says something at least every 15 s; twice that without a word is a dead line. */
const SILENCE = 30_000;
const OPEN = 1;

/** One WebSocket, listened to until it closes and never after. */
export class BoardSocket {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #events: SocketEvents;
  readonly #stopWatching: () => void;
  #heardAt: number;
  #over = false;

  constructor(socket: WebSocket, clock: Clock, events: SocketEvents) {
    this.#socket = socket;
    this.#clock = clock;
    this.#events = events;
    this.#heardAt = clock.now();
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#listen(() => events.opened());
    socket.onmessage = (event) => this.#listen(() => this.#take(event.data));
    socket.onclose = (event) => this.#end(event.code, event.reason);
    socket.onerror = () => undefined;
    this.#stopWatching = every(clock, SILENCE / 6, () => {
      if (clock.now() - this.#heardAt >= SILENCE) this.close();
    });
  }

  get open(): boolean {
    return !this.#over && this.#socket.readyState === OPEN;
  }

  send(frame: Uint8Array<ArrayBuffer>): void {
    if (this.open) this.#socket.send(frame);
  }

  close(): void {
    this.#end(0, '');
  }

  /** Closes without telling anybody. */
  abandon(): void {
    this.#over = true;
    this.#stopWatching();
    this.#socket.close();
  }

  #listen(act: () => void): void {
    if (this.#over) return;
    this.#heardAt = this.#clock.now();
    act();
  }

  #take(data: unknown): void {
    if (!(data instanceof ArrayBuffer)) return;
    const message = readFrame(new Uint8Array(data));
    if (message) this.#events.received(message);
    else this.close();
  }

  #end(code: number, reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopWatching();
    this.#socket.close();
    this.#events.closed(code, reason);
  }
}
