import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

import type { RoomPass } from '#server/platform/access.ts';
import type { Clock, Millis } from '#shared/kernel/clock.ts';
import { type RefusalCode, refusals } from '#shared/kernel/refusals.ts';
import { can } from '#shared/policy/can.ts';

import { boardEngineLimits as limits, boardEngineTimes as times } from '../../limits.ts';
import {
  acknowledgeFrame,
  boardProtocol,
  epochFrame,
  presenceFrame,
  rejectFrame,
} from '../../wire/messages.ts';
import { type SharedFrame, sharedFrame } from '../../wire/shared-frame.ts';
import type { RecordLife } from '../types.ts';
import { TokenBucket } from './token-bucket.ts';

type State =
  | { readonly kind: 'open' }
  /** Hung up; what it sent before may still be committed. */
  | { readonly kind: 'gone' }
  /** Sent away; nothing of it is committed any more. */
  | { readonly kind: 'refused'; readonly code: RefusalCode };

const SMALL = 4096;

/** Reading was stopped for one of these reasons. */
type Hold = 'rate' | 'pace' | 'queue';

type Joining = { readonly pass: RoomPass; readonly life: RecordLife; readonly line?: Duplex | null };

/** One officer's socket on one board. Known by identity: a late close of an old socket touches no newer one. */
export class BoardSocket {
  readonly ws: WebSocket;
  /** The connection beneath `ws`, which holds nothing back itself: no compression, no fragments. */
  readonly #line: Duplex | null;
  readonly acknowledges: boolean;
  /** The life of the record that it was let into. [BD-32] */
  readonly docEpoch: string;
  /** Replaced whenever the gate is asked again. */
  pass: RoomPass;
  /** Changes and answers received, from 1. */
  received = 0;
  /** Messages received and not yet committed, refused or found empty. */
  waiting = 0;
  /** Set after a gap: only the answer to the hub's question is looked at. */
  awaitsAnswer = false;
  /** It has asked what it is missing and not been told yet: updates would come before what they build on. */
  awaitsState = false;
  /** Client id it announced itself under. */
  presenceId: number | null = null;
  /** Behind, since when, and what it will have once it has read all that was sent. `asked`: being brought up to date. */
  #stale: { readonly since: Millis; readonly vector: Uint8Array; asked: boolean } | null = null;
  #state: State = { kind: 'open' };
  #lastSent: Millis;
  #lastHeard: Millis;
  /** Asked for a sign of life, and when. */
  #probedAt: Millis | null = null;
  #allowance = 0;
  readonly #clock: Clock;
  readonly #holds = new Set<Hold>();
  readonly #heldUntil = { rate: 0, pace: 0 };
  readonly #updates: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #messages: TokenBucket;
  readonly #messageBytes: TokenBucket;
  readonly #asks: TokenBucket;

  constructor(ws: WebSocket, { pass, life, line = null }: Joining, clock: Clock) {
    const now = clock.now();
    this.ws = ws;
    this.#line = line;
    this.pass = pass;
    this.acknowledges = ws.protocol === boardProtocol;
    this.docEpoch = life.docEpoch;
    this.#lastSent = now;
    this.#lastHeard = now;
    this.#clock = clock;
    this.#updates = new TokenBucket(limits.updatesPerSecond, limits.burst, now);
    this.#bytes = new TokenBucket(limits.bytesPerSecond, limits.burst, now);
    this.#messages = new TokenBucket(limits.messagesPerSecond, limits.burst, now);
    this.#messageBytes = new TokenBucket(limits.messageBytesPerSecond, limits.burst, now);
    this.#asks = new TokenBucket(limits.asksPerSecond, limits.burst, now);
  }

  get mayEdit(): boolean {
    const { role, state, session } = this.pass;
    return can({ role, desk: session.desk.kind, operation: state }, 'board.edit');
  }

  get isOpen(): boolean {
    return this.#state.kind === 'open';
  }

  get isStale(): boolean {
    return this.#stale !== null;
  }

  get isRefused(): boolean {
    return this.#state.kind === 'refused';
  }

  /** Always sent: questions, acknowledgements, refusals. */
  send(frame: Uint8Array): void {
    if (!this.isOpen) return;
    // A large one is not copied to be framed.
    if (frame.length <= SMALL) this.#write(sharedFrame(frame));
    else {
      this.#lastSent = this.#clock.now();
      this.ws.send(frame);
    }
  }

  /** Not sent to a reader that is behind. True when this one put it behind: `vector` says what it has by now. [BD-20] */
  sendUpdate(frame: SharedFrame, vector: () => Uint8Array): boolean {
    if (this.#stale !== null || this.awaitsState || !this.isOpen) return false;
    this.#write(frame);
    if (this.ws.bufferedAmount <= limits.staleAbove) return false;
    this.#stale = { since: this.#clock.now(), vector: vector(), asked: false };
    return true;
  }

  /** An answer to "what am I missing", however large; false when it is put off because the socket is behind. */
  sendAnswer(vector: Uint8Array, answer: () => Uint8Array): boolean {
    if (this.ws.bufferedAmount > limits.staleAbove) {
      this.#stale = { since: this.#stale?.since ?? this.#clock.now(), vector, asked: false };
      return false;
    }
    this.#stale = null;
    const frame = answer();
    this.#allowance = frame.length;
    this.send(frame);
    return true;
  }

  sendPresence(frame: SharedFrame): void {
    if (this.#stale !== null || this.ws.bufferedAmount > limits.staleAbove || !this.isOpen) return;
    this.#write(frame);
  }

  /** What is sent within `work` leaves in one piece: a write costs more than what it carries. */
  static together(sockets: Iterable<BoardSocket>, work: () => void): void {
    for (const socket of sockets) socket.#line?.cork();
    try {
      work();
    } finally {
      for (const socket of sockets) socket.#line?.uncork();
    }
  }

  /** The first frame, to those who asked for our messages. [BD-33] */
  greet({ docEpoch, head }: RecordLife): void {
    if (this.acknowledges) this.send(epochFrame(docEpoch, head));
  }

  acknowledge(clientSeq: number, docSeq: number): void {
    if (this.acknowledges) this.send(acknowledgeFrame(clientSeq, docSeq));
  }

  /** Called often. What it has, once, when a reader that was behind can be brought up to date now. */
  tick(now: Millis): Uint8Array | null {
    const buffered = this.ws.bufferedAmount;
    if (buffered < limits.freshBelow) this.#allowance = 0;
    if (buffered > limits.deadAbove + this.#allowance) this.refuse('try.again');
    if (this.#stale !== null && now - this.#stale.since > times.staleFor) this.refuse('try.again');
    if (now - this.#lastSent > times.keepalive) this.send(presenceFrame([]));
    this.#probe(now);
    if (!this.isOpen || this.#stale === null || this.#stale.asked || buffered >= limits.freshBelow)
      return null;
    this.#stale.asked = true;
    return this.#stale.vector;
  }

  /** Something came, of whatever kind; stops reading for as long as it comes too fast. [BD-21] [BD-49] */
  heard(bytes: number): void {
    const now = this.#clock.now();
    this.#showsLife(now);
    this.#holdFor('pace', Math.max(this.#messages.take(1, now), this.#messageBytes.take(bytes, now)));
  }

  /** A question what is missing, beside having been heard. */
  asks(): void {
    this.#holdFor('pace', this.#asks.take(1, this.#clock.now()));
  }

  /** Counts an arriving change; stops reading for as long as changes come too fast. When it arrived. [BD-21] */
  arrived(bytes: number): Millis {
    this.received += 1;
    this.waiting += 1;
    const now = this.#clock.now();
    this.#holdFor('rate', Math.max(this.#updates.take(1, now), this.#bytes.take(bytes, now)));
    if (this.waiting >= limits.waiting) this.#hold('queue');
    return now;
  }

  settled(): void {
    this.waiting -= 1;
    if (this.waiting < limits.waiting / 2) this.#release('queue');
  }

  /** Tells why, where the client understands, and closes with the code of the catalogue. */
  refuse(code: RefusalCode): void {
    if (this.#state.kind === 'refused') return;
    if (this.acknowledges) this.send(rejectFrame(code));
    this.#state = { kind: 'refused', code };
    this.ws.resume();
    this.ws.close(refusals[code].close, code);
  }

  hungUp(): void {
    if (this.#state.kind === 'open') this.#state = { kind: 'gone' };
  }

  #write({ message, framed }: SharedFrame): void {
    this.#lastSent = this.#clock.now();
    if (this.#line === null || this.ws.readyState !== this.ws.OPEN) this.ws.send(message);
    else this.#line.write(framed);
  }

  #hold(why: Hold): void {
    this.#holds.add(why);
    this.ws.pause();
  }

  /** Until the last of several words about one reason: what comes in one piece is heard in spite of the first. */
  #holdFor(why: 'rate' | 'pace', wait: Millis): void {
    if (wait <= 0) return;
    const until = this.#clock.now() + wait;
    this.#heldUntil[why] = Math.max(this.#heldUntil[why], until);
    if (this.#holds.has(why)) return;
    this.#hold(why);
    this.#releaseAt(why);
  }

  #releaseAt(why: 'rate' | 'pace'): void {
    this.#clock.after(Math.max(0, this.#heldUntil[why] - this.#clock.now()), () => {
      if (this.#clock.now() < this.#heldUntil[why]) this.#releaseAt(why);
      else this.#release(why);
    });
  }

  #release(why: Hold): void {
    if (!this.#holds.delete(why) || this.#holds.size > 0) return;
    this.#showsLife(this.#clock.now());
    this.ws.resume();
  }

  #showsLife(now: Millis): void {
    this.#lastHeard = now;
    this.#probedAt = null;
  }

  /** A client that only looks on is silent for hours, a line that is gone is too: only the answer to a ping tells. [BD-48] */
  #probe(now: Millis): void {
    // Whatever came lies unread.
    if (!this.isOpen || this.#holds.size > 0) return;
    if (this.#probedAt !== null) {
      if (now - this.#probedAt > times.dead) this.ws.terminate();
    } else if (now - this.#lastHeard > times.quiet) {
      this.#probedAt = now;
      this.ws.ping();
    }
  }
}
