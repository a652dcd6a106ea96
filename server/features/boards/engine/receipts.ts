import type { LogId, Recorded, SignReceipts } from '#server/platform/facts.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import { receiptFrame } from '../wire/messages.ts';
import type { BoardSocket } from './sockets/board-socket.ts';

/** What one socket waits to have signed. One board, hence one record. */
type Owed = { readonly log: LogId; readonly recorded: Recorded[] };

const PACE = 1000;
/** Receipts signed before the hub's other work is let in: some two milliseconds. */
const SLICE = 30;

/**
 * Receipts for changes of boards: signed beside the commits, never in them, one a second and socket for all that came to
 * stand since the last. [RC-53]
 */
export class BoardReceipts {
  readonly #clock: Clock;
  readonly #sign: SignReceipts;
  readonly #owed = new Map<BoardSocket, Owed>();
  #armed = false;

  constructor(clock: Clock, sign: SignReceipts) {
    this.#clock = clock;
    this.#sign = sign;
  }

  /** Rows as they were committed, each with its entry. Only notes down. */
  add(log: LogId, rows: readonly { readonly socket: BoardSocket }[], recorded: readonly Recorded[]): void {
    for (const [at, { socket }] of rows.entries()) {
      const one = recorded[at];
      if (one === undefined || !socket.acknowledges) continue;
      const owed = this.#owed.get(socket);
      if (owed === undefined) this.#owed.set(socket, { log, recorded: [one] });
      else owed.recorded.push(one);
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#armed || this.#owed.size === 0) return;
    this.#armed = true;
    this.#clock.after(PACE, () => this.#give([...this.#owed.keys()]));
  }

  /** One slice of those who were owed something when the second was over. */
  #give(sockets: readonly BoardSocket[]): void {
    for (const socket of sockets.slice(0, SLICE)) {
      const owed = this.#owed.get(socket);
      this.#owed.delete(socket);
      if (owed === undefined || !socket.isOpen) continue;
      for (const note of this.#sign(owed.log, owed.recorded, this.#clock.now()))
        socket.send(receiptFrame(note));
    }
    const rest = sockets.slice(SLICE);
    if (rest.length > 0) {
      this.#clock.after(0, () => this.#give(rest));
      return;
    }
    this.#armed = false;
    this.#arm();
  }
}
