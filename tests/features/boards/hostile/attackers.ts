import type { Socket } from 'node:net';
import WebSocket from 'ws';

import { Chance } from '#tests/faults/support/chance.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { boardUrl, type Room } from '../support.ts';
import { readUint } from './bytes.ts';
import { anyFrame, type Fuzzed, type Knowledge, lastWord } from './grammar.ts';

export type Attack = {
  readonly room: Room;
  readonly seed: number;
  /** Frames that the hub has to have read in all. */
  readonly frames: number;
  /** Who attack, and how many sockets at a time they have together. */
  readonly officers: readonly { readonly handle: string; readonly officer: TestOfficer }[];
  readonly abreast: number;
  /** Client ids of those who work. */
  readonly foreign: readonly number[];
  readonly hub: number;
};

export type Refused = { readonly handle: string; readonly code: number; readonly reason: string };
export type Storm = {
  sent: number;
  read: number;
  readonly refused: Refused[];
  readonly kinds: Map<string, number>;
};

/** Frames sent without waiting; each is followed by a ping, and the hub gives up on whoever has 60 unanswered. */
const VOLLEY = 6;
/** Frames after which a socket that was not refused sends what is refused for certain. */
const LIFE = 64;

/**
 * Sends frames over socket after socket until the hub has read as many as asked. What the n-th socket sends depends on
 * the seed and n alone. Every socket ends by being refused: so refusals can be counted on both sides.
 */
export async function storm(attack: Attack): Promise<Storm> {
  const done: Storm = { sent: 0, read: 0, refused: [], kinds: new Map() };
  let next = 0;
  const oneAfterAnother = async (): Promise<void> => {
    while (done.read < attack.frames) {
      const n = next;
      next += 1;
      await attackOnce(attack, n, done);
    }
  };
  await Promise.all(Array.from({ length: attack.abreast }, oneAfterAnother));
  return done;
}

async function attackOnce(attack: Attack, n: number, done: Storm): Promise<void> {
  const chance = new Chance((attack.seed + n * 7919) >>> 0);
  const { handle, officer } = chance.pick(attack.officers);
  const know: Knowledge = { own: chance.int(1, 2 ** 32 - 1), clock: 0, ...attack };
  const line = await Line.open(attack.room, officer, chance.happens(0.6));
  let last: readonly Fuzzed[] = [];
  for (let sent = 0; line.closed === null; sent += last.length) {
    last = sent < LIFE ? Array.from({ length: VOLLEY }, () => anyFrame(chance, know)) : [lastWord];
    await line.volley(last, chance);
    done.sent += last.length;
    const read = line.closed === null ? last.length : Math.min(last.length, line.answered + 1);
    done.read += read;
    for (const { what } of last.slice(0, read)) done.kinds.set(what, (done.kinds.get(what) ?? 0) + 1);
  }
  done.refused.push({ handle, ...line.closed });
}

/** A socket that tells how many of the frames of a volley the hub has read. */
class Line {
  closed: { code: number; reason: string } | null = null;
  /** Pings of this volley that were answered: so many frames were read without a refusal on the spot. */
  answered = 0;
  /** Changes and answers sent, and up to which they are acknowledged. */
  #changes = 0;
  #acknowledged = 0;
  /** How often the hub asked what it has: after a gap it acknowledges nothing. */
  #asked = 0;
  /** Waits for what its changes come to before it goes on, where it is told. */
  readonly #patient: boolean;
  readonly #ws: WebSocket;
  #wake: () => void = () => undefined;

  private constructor(ws: WebSocket, patient: boolean) {
    this.#ws = ws;
    this.#patient = patient;
    ws.on('message', (data: Buffer) => {
      this.#hear(data);
      this.#wake();
    });
    ws.on('pong', () => {
      this.answered += 1;
      this.#wake();
    });
    ws.on('error', () => undefined);
    ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
  }

  static async open(room: Room, { cookie }: TestOfficer, patient: boolean): Promise<Line> {
    const headers = { origin: room.hub.url, cookie: cookie ?? '' };
    const ws = new WebSocket(boardUrl(room), patient ? ['muster-board.1'] : [], { headers });
    const line = new Line(ws, patient);
    await line.#until(
      () => ws.readyState === WebSocket.OPEN || line.closed !== null,
      (wake) => ws.on('open', wake),
    );
    // A gap found before the first question is told by that question alone: whoever counts questions waits for it.
    if (patient) await line.#until(() => line.#asked > 0 || line.closed !== null);
    return line;
  }

  async volley(frames: readonly Fuzzed[], chance: Chance): Promise<void> {
    this.answered = 0;
    // In one piece, as a flood comes: what is read is read at once.
    const wire = Reflect.get(this.#ws, '_socket') as Socket | null;
    wire?.cork();
    for (const { data } of frames) {
      if (this.#ws.readyState !== WebSocket.OPEN) break;
      if (data[0] === 0 && (data[1] === 1 || data[1] === 2)) this.#changes += 1;
      this.#send(data, chance);
      this.#ws.ping();
    }
    wire?.uncork();
    await this.#until(() => this.closed !== null || (this.answered === frames.length && this.#told));
  }

  get #told(): boolean {
    return !this.#patient || this.#asked > 1 || this.#acknowledged >= this.#changes;
  }

  #hear(data: Uint8Array): void {
    if (data[0] === 0 && data[1] === 0) this.#asked += 1;
    if (data[0] === 100) this.#acknowledged = readUint(data, 1);
  }

  /** In one WebSocket frame, or now and then in pieces. */
  #send(data: Uint8Array | string, chance: Chance): void {
    const cut = chance.int(0, data.length);
    if (chance.happens(0.9)) {
      this.#ws.send(data);
      return;
    }
    const binary = typeof data !== 'string';
    this.#ws.send(data.slice(0, cut), { fin: false, binary });
    this.#ws.send(data.slice(cut), { fin: true, binary });
  }

  async #until(holds: () => boolean, listen: (wake: () => void) => void = () => undefined): Promise<void> {
    listen(() => this.#wake());
    while (!holds()) await new Promise<void>((resume) => (this.#wake = resume));
  }
}
