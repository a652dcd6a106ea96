import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import * as Y from 'yjs';

export type PresenceSeen = { client: number; clock: number; state: unknown };

/** Waits until `condition` holds; says what it waited for when it never does. */
export async function eventually(condition: () => boolean, what: string, within = 8_000): Promise<void> {
  const end = Date.now() + within;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}

type PeerOptions = {
  readonly url: string;
  readonly origin: string;
  readonly cookie: string | null;
  readonly protocols?: readonly string[];
  readonly doc?: Y.Doc;
  /** Answers the hub's question about what it has; on unless said. */
  readonly answers?: boolean;
  /** Applies what it is sent; on unless said. One of a crowd that only takes part may spare itself the work. */
  readonly applies?: boolean;
};

/** A client that shows everything on the wire, and can say what no honest one would. */
export class BoardPeer {
  readonly doc: Y.Doc;
  readonly ws: WebSocket;
  readonly acks: { clientSeq: number; docSeq: number }[] = [];
  readonly rejects: string[] = [];
  readonly receipts: string[] = [];
  readonly presence: PresenceSeen[] = [];
  /** Of the hub's first word: this life of the record, and its entries. */
  life: { docEpoch: string; head: number } | null = null;
  closed: { code: number; reason: string } | null = null;
  asked = 0;
  answers = 0;
  updates = 0;
  frames = 0;
  sent = 0;
  readonly #applies: boolean;

  constructor({ url, origin, cookie, protocols = ['muster-board.1'], doc, ...how }: PeerOptions) {
    const { answers = true, applies = true } = how;
    this.#applies = applies;
    this.doc = doc ?? new Y.Doc();
    this.ws = new WebSocket(url, [...protocols], {
      headers: { origin, ...(cookie !== null && { cookie }) },
    });
    this.ws.binaryType = 'nodebuffer';
    this.ws.on('open', () => this.ask());
    this.ws.on('message', (data: Buffer) => this.#hear(new Uint8Array(data), answers));
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.doc.off('update', send);
    });
    this.ws.on('error', () => undefined);
    const send = (update: Uint8Array, by: unknown) => {
      if (by !== this && this.ws.readyState === WebSocket.OPEN) this.sendUpdate(update);
    };
    this.doc.on('update', send);
  }

  get synced(): boolean {
    return this.answers > 0 && this.asked > 0;
  }

  get lastAck(): number {
    return this.acks.at(-1)?.clientSeq ?? 0;
  }

  ready(): Promise<void> {
    return eventually(() => this.synced || this.closed !== null, 'the board is open');
  }

  end(): Promise<void> {
    return eventually(() => this.closed !== null, 'the socket is closed');
  }

  acknowledged(): Promise<void> {
    return eventually(() => this.lastAck === this.sent, `change ${this.sent} is acknowledged`);
  }

  ask(): void {
    this.#sync(0, Y.encodeStateVector(this.doc));
  }

  sendUpdate(update: Uint8Array): void {
    this.sent += 1;
    this.#sync(2, update);
  }

  sendPresence(entries: readonly { client: number; clock: number; state: string }[]): void {
    const body = encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, entries.length);
      for (const { client, clock, state } of entries) {
        encoding.writeVarUint(encoder, client);
        encoding.writeVarUint(encoder, clock);
        encoding.writeVarString(encoder, state);
      }
    });
    this.raw(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 1);
        encoding.writeVarUint8Array(encoder, body);
      }),
    );
  }

  raw(bytes: Uint8Array | string): void {
    this.ws.send(bytes);
  }

  hangUp(): void {
    this.ws.terminate();
  }

  #sync(step: number, bytes: Uint8Array): void {
    this.raw(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 0);
        encoding.writeVarUint(encoder, step);
        encoding.writeVarUint8Array(encoder, bytes);
      }),
    );
  }

  #hear(frame: Uint8Array, answers: boolean): void {
    this.frames += 1;
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === 100) {
      this.acks.push({ clientSeq: decoding.readVarUint(decoder), docSeq: decoding.readVarUint(decoder) });
    } else if (type === 101) this.rejects.push(decoding.readVarString(decoder));
    else if (type === 102)
      this.life = { docEpoch: decoding.readVarString(decoder), head: decoding.readVarUint(decoder) };
    else if (type === 103) this.receipts.push(decoding.readVarString(decoder));
    else if (type === 1) this.#hearPresence(decoding.readVarUint8Array(decoder));
    else if (type === 0) this.#hearSync(decoder, answers);
  }

  #hearSync(decoder: decoding.Decoder, answers: boolean): void {
    const step = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    if (step === 0) {
      this.asked += 1;
      if (!answers) return;
      this.sent += 1;
      this.#sync(1, Y.encodeStateAsUpdate(this.doc, bytes));
      return;
    }
    if (this.#applies) Y.applyUpdate(this.doc, bytes, this);
    if (step === 1) this.answers += 1;
    else this.updates += 1;
  }

  #hearPresence(body: Uint8Array): void {
    const decoder = decoding.createDecoder(body);
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const client = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      this.presence.push({ client, clock, state: JSON.parse(decoding.readVarString(decoder)) });
    }
  }
}
