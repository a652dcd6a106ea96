import { randomBytes } from 'node:crypto';
import net from 'node:net';

export type Opening = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string | null;
  readonly onFrame: (payload: Buffer) => void;
  readonly onClose: (code: number) => void;
};

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/**
 * A WebSocket client with nothing to it, so that the generator costs less than what it measures: binary frames, no
 * compression, a mask of zeros (the server unmasks all the same).
 */
export class ThinSocket {
  bytesIn = 0;
  bytesOut = 0;
  framesIn = 0;
  closed = false;
  readonly #socket: net.Socket;
  readonly #opening: Opening;
  #parts: Buffer[] = [];
  #held = 0;
  /** Bytes that have to be there before another look is worth it. */
  #wanted = 2;
  #upgraded = false;
  #onUpgraded: (error?: Error) => void = () => undefined;

  private constructor(opening: Opening) {
    this.#opening = opening;
    const { url } = opening;
    this.#socket = net.connect({ port: Number(url.port), host: url.hostname, noDelay: true });
    this.#socket.on('connect', () => this.#socket.write(requestOf(opening)));
    this.#socket.on('data', (chunk) => this.#hear(chunk));
    this.#socket.on('error', (error) => this.#onUpgraded(error));
    this.#socket.on('close', () => this.#end(1006));
  }

  static open(opening: Opening): Promise<ThinSocket> {
    return new Promise((opened, failed) => {
      const socket = new ThinSocket(opening);
      socket.#onUpgraded = (error) => (error === undefined ? opened(socket) : failed(error));
    });
  }

  send(payload: Uint8Array): void {
    if (this.closed) return;
    const frame = frameOf(payload, opcodes.binary);
    this.bytesOut += frame.length;
    this.#socket.write(frame);
  }

  /** Reads nothing more: what the server sends piles up on its side. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  destroy(): void {
    this.closed = true;
    this.#socket.destroy();
  }

  #hear(chunk: Buffer): void {
    this.bytesIn += chunk.length;
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return;
    const bytes = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    this.#keep(this.#upgraded ? bytes.subarray(this.#frames(bytes)) : this.#upgrade(bytes));
  }

  #keep(rest: Buffer): void {
    this.#parts = rest.length === 0 ? [] : [rest];
    this.#held = rest.length;
  }

  /** Frames that came in one piece with the upgrade are read once whoever waits for it holds the socket: it may answer. */
  #upgrade(bytes: Buffer): Buffer {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return bytes;
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101')) {
      this.#onUpgraded(new Error(`no upgrade: ${bytes.toString('utf8').slice(0, 300)}`));
      this.#socket.destroy();
      return Buffer.alloc(0);
    }
    this.#upgraded = true;
    this.#onUpgraded();
    queueMicrotask(() => this.#hear(Buffer.alloc(0)));
    return bytes.subarray(end + 4);
  }

  /** How many of the bytes were whole frames. */
  #frames(bytes: Buffer): number {
    let at = 0;
    this.#wanted = 2;
    while (bytes.length - at >= 2) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (bytes.length - at < head) break;
      const length =
        short < 126
          ? short
          : short === 126
            ? bytes.readUInt16BE(at + 2)
            : Number(bytes.readBigUInt64BE(at + 2));
      const end = at + head + length;
      if (bytes.length < end) {
        this.#wanted = end - at;
        break;
      }
      this.#frame((bytes[at] ?? 0) & 0x0f, bytes.subarray(at + head, end));
      at = end;
    }
    return at;
  }

  #frame(opcode: number, payload: Buffer): void {
    this.framesIn += 1;
    if (opcode === opcodes.binary) this.#opening.onFrame(payload);
    else if (opcode === opcodes.ping) this.#socket.write(frameOf(payload, opcodes.pong));
    else if (opcode === opcodes.close) this.#end(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
    else if (opcode !== opcodes.pong) throw new Error(`an unexpected frame: ${opcode}`);
  }

  #end(code: number): void {
    if (this.closed) return;
    this.closed = true;
    this.#socket.destroy();
    this.#opening.onClose(code);
  }
}

function requestOf({ url, headers, protocol }: Opening): string {
  const lines = [
    `GET ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    ...(protocol === null ? [] : [`Sec-WebSocket-Protocol: ${protocol}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function frameOf(payload: Uint8Array, opcode: number): Buffer {
  const { length } = payload;
  const head = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.alloc(head + 4 + length);
  frame[0] = 0x80 | opcode;
  frame[1] = 0x80 | (head === 2 ? length : head === 4 ? 126 : 127);
  if (head === 4) frame.writeUInt16BE(length, 2);
  if (head === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.set(payload, head + 4);
  return frame;
}
