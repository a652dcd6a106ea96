import net from 'node:net';

import type { TestOfficer } from '#tests/support/officer.ts';

export type Received = { readonly opcode: number; readonly payload: Buffer };

/** A TCP connection that speaks WebSocket as rightly or wrongly as it is told, and keeps its side open for ever. */
export class RawLine {
  received = Buffer.alloc(0);
  ended = false;
  closed = false;
  readonly socket: net.Socket;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (data) => {
      this.received = Buffer.concat([this.received, data]);
    });
    socket.on('end', () => {
      this.ended = true;
    });
    socket.on('close', () => {
      this.closed = true;
    });
    socket.on('error', () => undefined);
  }

  static connect(url: string): Promise<RawLine> {
    const { port, hostname } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port: Number(port), host: hostname, allowHalfOpen: true, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawLine(socket)));
    });
  }

  write(...parts: readonly (Uint8Array | string)[]): void {
    for (const part of parts) this.socket.write(part);
  }

  /** Byte after byte, each in a packet of its own. */
  async dribble(bytes: Uint8Array): Promise<void> {
    for (const byte of bytes) {
      this.socket.write(Uint8Array.of(byte));
      await new Promise((soon) => setImmediate(soon));
    }
  }

  hangUp(): void {
    this.socket.destroy();
  }

  /** Of the answer to the request; 0 before it is here. */
  get status(): number {
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.received.toString('latin1'))?.[1] ?? 0);
  }

  /** What came after the head of the answer. */
  get frames(): Received[] {
    const head = this.received.indexOf('\r\n\r\n');
    if (head === -1) return [];
    const frames: Received[] = [];
    for (let at = head + 4; at + 2 <= this.received.length; ) {
      const opcode = (this.received[at] ?? 0) & 0x0f;
      let length = (this.received[at + 1] ?? 0) & 0x7f;
      at += 2;
      if (length === 126) {
        length = this.received.readUInt16BE(at);
        at += 2;
      } else if (length === 127) {
        length = Number(this.received.readBigUInt64BE(at));
        at += 8;
      }
      if (at + length > this.received.length) break;
      frames.push({ opcode, payload: this.received.subarray(at, at + length) });
      at += length;
    }
    return frames;
  }

  /** The code and reason of the close frame. */
  get goodbye(): { code: number; reason: string } | null {
    const close = this.frames.find(({ opcode }) => opcode === 8);
    if (close === undefined) return null;
    return { code: close.payload.readUInt16BE(0), reason: close.payload.subarray(2).toString() };
  }
}

/** The head of an upgrade, whole. */
export function upgradeHead(
  url: string,
  { cookie }: Pick<TestOfficer, 'cookie'>,
  protocol = 'muster-board.1',
): string {
  const { pathname, search, host } = new URL(url);
  return [
    `GET ${pathname}${search} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${Buffer.alloc(16, 7).toString('base64')}`,
    ...(protocol === '' ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    `Origin: http://${host}`,
    ...(cookie === null ? [] : [`Cookie: ${cookie}`]),
    '',
    '',
  ].join('\r\n');
}

export type Framing = {
  readonly opcode?: number;
  readonly fin?: boolean;
  readonly masked?: boolean;
  readonly reserved?: number;
  /** What the head says, whatever follows. */
  readonly length?: bigint;
};

/** A WebSocket frame of a client. */
export function webSocketFrame(payload: Uint8Array, framing: Framing = {}): Buffer {
  const { opcode = 2, fin = true, masked = true, reserved = 0, length = BigInt(payload.length) } = framing;
  const head = [(fin ? 0x80 : 0) | (reserved << 4) | opcode];
  const mask = masked ? 0x80 : 0;
  if (length < 126n) head.push(mask | Number(length));
  else if (length < 65_536n) head.push(mask | 126, Number(length >> 8n), Number(length & 255n));
  else {
    head.push(mask | 127);
    for (let shift = 56n; shift >= 0n; shift -= 8n) head.push(Number((length >> shift) & 255n));
  }
  const key = [1, 2, 3, 4];
  if (masked) head.push(...key);
  const body = masked ? payload.map((byte, at) => byte ^ (key[at % 4] ?? 0)) : payload;
  return Buffer.concat([Uint8Array.from(head), body]);
}
