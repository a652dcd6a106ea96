import type { Clock } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';

import { boardEngineLimits as limits, boardEngineTimes as times } from '../limits.ts';
import { answerFrame, askFrame } from '../wire/messages.ts';
import type { LiveDocument } from './live-document.ts';
import type { BoardSocket } from './sockets/board-socket.ts';

/** A large answer, made once for all who ask from the same point, and the updates passed on since it was made. */
type Prepared = {
  readonly frame: Uint8Array;
  readonly since: Uint8Array[];
  bytes: number;
  readonly at: number;
};

/**
 * Who has asked what they are missing. Answered between commits, a little at a time: many who come at once to a large
 * board must not hold up those who work on it. Until its answer, a socket is passed no updates: the answer has them. [BD-3] [BD-27]
 */
export class Answers {
  readonly #clock: Clock;
  /** To be asked what they have. */
  readonly #ungreeted = new Set<BoardSocket>();
  readonly #owed = new Map<BoardSocket, Uint8Array>();
  /** In order of making. */
  readonly #prepared = new Map<string, Prepared>();
  #preparedBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get pending(): boolean {
    return this.#owed.size > 0 || this.#ungreeted.size > 0;
  }

  greet(socket: BoardSocket): void {
    this.#ungreeted.add(socket);
  }

  ask(socket: BoardSocket, vector: Uint8Array): void {
    socket.awaitsState = true;
    this.#owed.set(socket, vector);
  }

  forget(socket: BoardSocket): void {
    this.#owed.delete(socket);
    this.#ungreeted.delete(socket);
  }

  /** An update that goes to everybody: whoever gets a prepared answer gets it behind. */
  passed(frame: Uint8Array): void {
    this.#dropOld();
    for (const [key, prepared] of this.#prepared) {
      prepared.since.push(frame);
      prepared.bytes += frame.length;
      if (prepared.bytes > limits.preparedTail) this.#drop(key, prepared);
    }
  }

  /** One slice. The document is what is committed and nothing else. */
  give(document: LiveDocument): void {
    for (const socket of this.#ungreeted) socket.send(askFrame(document.vector()));
    this.#ungreeted.clear();
    const end = this.#clock.now() + times.answerSlice;
    let bytes = 0;
    for (const [socket, vector] of this.#owed) {
      this.#owed.delete(socket);
      bytes += this.#answer(socket, vector, document);
      if (bytes > limits.answerBytes || this.#clock.now() > end) return;
    }
  }

  #answer(socket: BoardSocket, vector: Uint8Array, document: LiveDocument): number {
    socket.awaitsState = false;
    if (!socket.isOpen) return 0;
    const key = base64(vector);
    const prepared = this.#prepared.get(key);
    let frame: Uint8Array | null = prepared?.frame ?? null;
    const sent = socket.sendAnswer(vector, () => {
      frame ??= answerFrame(document.missing(vector));
      return frame;
    });
    if (!sent || frame === null) return 0;
    for (const update of prepared?.since ?? []) socket.send(update);
    if (prepared === undefined && frame.length > limits.largeAnswer) this.#keep(key, frame);
    return frame.length;
  }

  /** Anybody can ask from as many points as they like: the oldest make room. */
  #keep(key: string, frame: Uint8Array): void {
    this.#dropOld();
    this.#prepared.set(key, { frame, since: [], bytes: 0, at: this.#clock.now() });
    this.#preparedBytes += frame.length;
    this.#clock.after(times.preparedFor + 1, () => this.#dropOld());
    for (const [oldest, prepared] of this.#prepared) {
      if (this.#preparedBytes <= limits.preparedBytes || oldest === key) return;
      this.#drop(oldest, prepared);
    }
  }

  #dropOld(): void {
    const now = this.#clock.now();
    for (const [key, prepared] of this.#prepared) {
      if (now - prepared.at <= times.preparedFor) return;
      this.#drop(key, prepared);
    }
  }

  #drop(key: string, { frame }: Prepared): void {
    if (this.#prepared.delete(key)) this.#preparedBytes -= frame.length;
  }
}
