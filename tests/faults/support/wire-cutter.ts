import type { Meddle } from './tcp-proxy.ts';

/** Where a line between an officer and the hub can break. */
export const byteClasses = {
  up: [
    'in the handshake',
    'in a request',
    'inside the head of a frame',
    'in the length of a frame',
    'in the mask',
    'before the payload',
    'behind the first byte of the payload',
    'before the last byte of the payload',
    'between two fragments',
    'behind a frame',
  ],
  down: [
    'in the answer to the handshake',
    'in a reply',
    'inside the head of a frame',
    'in the length of a frame',
    'before the payload',
    'behind the first byte of the payload',
    'before the last byte of the payload',
    'behind a frame',
  ],
} as const;
export type Direction = keyof typeof byteClasses;
export type ByteClass = (typeof byteClasses)[Direction][number];

/**
 * Follows one direction of one line, and cuts it behind the byte at which `due` says so: everything before has gone on
 * its way, nothing after does. One of these for each direction of each line.
 */
export function wireCutter(direction: Direction, due: (place: ByteClass) => boolean): Meddle {
  let phase: 'head' | 'exchange' | 'frames' = 'head';
  const head: number[] = [];
  const frame = new FramePlace(direction);
  return (bytes) => {
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      let place: ByteClass | null = null;
      if (phase === 'frames') place = frame.behind(byte);
      else {
        if (phase === 'head') head.push(byte);
        place = placeOutside(direction, phase, { head, at });
        if (phase === 'head' && endsHead(head)) {
          phase = isWebSocket(head) ? 'frames' : 'exchange';
          place = null;
        }
      }
      if (place !== null && due(place)) return { bytes: bytes.subarray(0, at + 1), breaks: 'cut' };
    }
    return { bytes };
  };
}

/** Once in each piece of what is not WebSocket, somewhere inside. */
function placeOutside(
  direction: Direction,
  phase: 'head' | 'exchange',
  { head, at }: { head: readonly number[]; at: number },
): ByteClass | null {
  if (phase === 'exchange') return at === 10 ? (direction === 'up' ? 'in a request' : 'in a reply') : null;
  if (head.length === 40 && textOf(head).startsWith('HTTP/1.1 101')) return 'in the answer to the handshake';
  if (head.length === 40 && /^GET \/(y|socket\.io)\//.test(textOf(head))) return 'in the handshake';
  return null;
}

function textOf(bytes: readonly number[]): string {
  return Buffer.from(bytes).toString('latin1');
}

function endsHead(head: readonly number[]): boolean {
  return textOf(head.slice(-4)) === '\r\n\r\n';
}

function isWebSocket(head: readonly number[]): boolean {
  const text = textOf(head);
  return text.startsWith('HTTP/1.1 101') || /^upgrade: websocket\r$/im.test(text);
}

/** How far one has come in a WebSocket frame. */
class FramePlace {
  readonly #up: boolean;
  #offset = 0;
  #fin = true;
  /** Bytes of the length behind the first two. */
  #extended = 0;
  #length = 0;

  constructor(direction: Direction) {
    this.#up = direction === 'up';
  }

  /** Which place this is, when it is one. */
  behind(byte: number): ByteClass | null {
    this.#offset += 1;
    const { lengthEnds, headEnds } = this.#bounds(byte);
    const last = headEnds + this.#length;
    if (this.#offset >= headEnds && this.#offset === last) {
      this.#offset = 0;
      return this.#fin ? 'behind a frame' : 'between two fragments';
    }
    switch (this.#offset) {
      case 1:
        return 'inside the head of a frame';
      case headEnds:
        return 'before the payload';
      case headEnds + 1:
        return 'behind the first byte of the payload';
      case last - 1:
        return 'before the last byte of the payload';
      default:
    }
    if (this.#extended > 0 && this.#offset === 3) return 'in the length of a frame';
    return this.#up && this.#offset === lengthEnds + 2 ? 'in the mask' : null;
  }

  #bounds(byte: number): { lengthEnds: number; headEnds: number } {
    if (this.#offset === 1) this.#fin = byte >= 0x80;
    if (this.#offset === 2) {
      const short = byte & 0x7f;
      this.#extended = short === 127 ? 8 : short === 126 ? 2 : 0;
      this.#length = this.#extended > 0 ? 0 : short;
    } else if (this.#offset > 2 && this.#offset <= 2 + this.#extended) {
      this.#length = this.#length * 256 + byte;
    }
    const lengthEnds = this.#offset < 2 ? Number.POSITIVE_INFINITY : 2 + this.#extended;
    return { lengthEnds, headEnds: lengthEnds + (this.#up ? 4 : 0) };
  }
}
