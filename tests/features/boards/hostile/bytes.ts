import type { Chance } from '#tests/faults/support/chance.ts';

const utf8 = new TextEncoder();

/** Writes `lib0` bytes, right or wrong as told: `padded` numbers have a last byte that says nothing. */
export class Bytes {
  readonly #bytes: number[] = [];

  byte(...values: readonly number[]): this {
    for (const value of values) this.#bytes.push(value & 0xff);
    return this;
  }

  /** Any whole number up to 2^60: more than the hub, or Yjs, can count. */
  uint(value: number, padded = false): this {
    let left = value;
    while (left > 127) {
      this.#bytes.push((left % 128) + 128);
      left = Math.floor(left / 128);
    }
    if (padded) this.#bytes.push(left + 128, 0);
    else this.#bytes.push(left);
    return this;
  }

  text(text: string): this {
    return this.block(utf8.encode(text));
  }

  block(bytes: Uint8Array): this {
    return this.uint(bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

/** The number that begins at `at`. */
export function readUint(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  return byte < 128 ? byte : (byte & 127) + 128 * readUint(bytes, at + 1);
}

export const syncFrame = (step: number, body: Uint8Array) =>
  new Bytes().uint(0).uint(step).block(body).done();
export const presenceFrame = (body: Uint8Array) => new Bytes().uint(1).block(body).done();

export type State = { readonly client: number; readonly clock: number; readonly state: string };

export function presenceOf(states: readonly State[]): Uint8Array {
  const body = new Bytes().uint(states.length);
  for (const { client, clock, state } of states) body.uint(client).uint(clock).text(state);
  return presenceFrame(body.done());
}

/** Where numbers break things. */
const edges = [0, 1, 2, 63, 64, 127, 128, 255, 16_383, 16_384, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32];
const beyond = [2 ** 53 - 1, 2 ** 53, 2 ** 56];

export function oddNumber(chance: Chance): number {
  return chance.happens(0.3) ? chance.pick(beyond) : chance.pick(edges);
}

/** The frame with one thing wrong: bits turned, cut short, bytes put in, or a part of another frame. */
export function mutated(frame: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  const bytes = Uint8Array.from(frame);
  const at = chance.int(0, Math.max(0, bytes.length - 1));
  switch (chance.int(0, 5)) {
    case 0:
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.int(0, 7));
      return bytes;
    case 1:
      bytes[at] = chance.int(0, 255);
      return bytes;
    case 2:
      return bytes.slice(0, at);
    case 3:
      return joined(bytes.slice(0, at), chance.bytes(chance.int(1, 8)), bytes.slice(at));
    case 4:
      return joined(bytes.slice(0, at), other.slice(chance.int(0, other.length)));
    default:
      return joined(bytes.slice(0, at), padding(bytes[at] ?? 0), bytes.slice(at + 1));
  }
}

/** The same number, spelled one byte longer. */
function padding(byte: number): Uint8Array {
  return Uint8Array.of(byte | 0x80, 0);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
