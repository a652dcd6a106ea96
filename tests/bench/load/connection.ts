import * as decoding from 'lib0/decoding';

import {
  type Dialect,
  greetings,
  nothing,
  prefixOf,
  type Seat,
  steps,
  syncMessage,
  types,
} from './dialects.ts';
import type { Latencies } from './latencies.ts';
import type { Reader } from './tracker.ts';
import { ThinSocket } from './web-socket.ts';

export type Joining = {
  readonly base: string;
  readonly dialect: Dialect;
  readonly seat: Seat;
  readonly reader: Reader | null;
  /** Where the time from sending a change to its acknowledgement goes, for changes of the window. */
  readonly acks?: { readonly latencies: Latencies; counts(at: number): boolean };
  readonly onPresence?: (payload: Buffer, now: number) => void;
};

/** One raw client on one board. It keeps no document: frames are counted, and searched for marks. */
export class Connection {
  synced = false;
  closed: number | null = null;
  /** Bytes of the answer to "what am I missing". */
  answerBytes = 0;
  readonly #joining: Joining;
  readonly #prefix: Uint8Array;
  #socket: ThinSocket | null = null;
  /** When each message that will be acknowledged was sent; `null` for those that are no change. */
  readonly #sent: (number | null)[] = [];
  #acknowledged = 0;

  private constructor(joining: Joining) {
    this.#joining = joining;
    this.#prefix = prefixOf(joining.dialect, joining.seat);
  }

  static async open(joining: Joining): Promise<Connection> {
    const { base, dialect, seat } = joining;
    const connection = new Connection(joining);
    connection.#socket = await ThinSocket.open({
      url: new URL(base + seat.path),
      headers: { Origin: base, ...(seat.cookie !== null && { Cookie: seat.cookie }) },
      protocol: dialect === 'muster' ? 'muster-board.1' : null,
      onFrame: (payload) => connection.#hear(payload),
      onClose: (code) => {
        connection.closed = code;
      },
    });
    for (const greeting of greetings(dialect)) connection.say(greeting);
    connection.synced = dialect === 'relay';
    return connection;
  }

  get bytesIn(): number {
    return this.#socket?.bytesIn ?? 0;
  }

  get bytesOut(): number {
    return this.#socket?.bytesOut ?? 0;
  }

  get framesIn(): number {
    return this.#socket?.framesIn ?? 0;
  }

  /** Every change sent so far has been acknowledged, or will never be. */
  get isAcknowledged(): boolean {
    return !this.acknowledges || this.#acknowledged >= this.#sent.length;
  }

  get acknowledges(): boolean {
    const { dialect } = this.#joining;
    return dialect === 'muster' || dialect === 'hocuspocus';
  }

  say(message: Uint8Array): void {
    const { length } = this.#prefix;
    if (length === 0) {
      this.#socket?.send(message);
      return;
    }
    const whole = new Uint8Array(length + message.length);
    whole.set(this.#prefix);
    whole.set(message, length);
    this.#socket?.send(whole);
  }

  edit(update: Uint8Array, at: number): void {
    this.#sent.push(at);
    this.say(syncMessage(steps.update, update));
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  destroy(): void {
    this.#socket?.destroy();
  }

  #hear(payload: Buffer): void {
    const at = this.#prefix.length;
    const type = payload[at];
    if (type === types.sync || type === types.syncReply) this.#hearSync(payload, at + 1);
    else if (type === types.presence) this.#joining.onPresence?.(payload, performance.now());
    else if (type === types.acknowledge) this.#acknowledge(readUint(payload, at + 1));
    else if (type === types.syncStatus) this.#acknowledge(this.#acknowledged + 1);
  }

  #hearSync(payload: Buffer, at: number): void {
    const step = payload[at];
    if (step === steps.ask) {
      if (this.#joining.dialect === 'relay') return;
      this.#sent.push(null);
      this.say(syncMessage(steps.answer, nothing));
      return;
    }
    if (step === steps.answer) {
      this.synced = true;
      // One that fell behind is answered again, with what it lacks.
      this.answerBytes = Math.max(this.answerBytes, payload.length);
    }
    this.#joining.reader?.hear(payload, performance.now());
  }

  #acknowledge(upTo: number): void {
    const now = performance.now();
    const { acks } = this.#joining;
    for (; this.#acknowledged < upTo; this.#acknowledged++) {
      const at = this.#sent[this.#acknowledged];
      if (acks !== undefined && typeof at === 'number' && acks.counts(at)) acks.latencies.record(now - at);
    }
  }
}

function readUint(payload: Buffer, at: number): number {
  return decoding.readVarUint(decoding.createDecoder(payload.subarray(at)));
}
