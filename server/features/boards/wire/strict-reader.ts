// A byte order mark is a character here as it is in `lib0`: it counts.
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown inside parsers of this folder and caught at their edge. */
export class Malformed extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'Malformed';
  }
}

/** The bytes of `lib0/encoding`, read strictly: every number and text has one spelling, and the end is the end. */
export class StrictReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get at(): number {
    return this.#at;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new Malformed('cut short');
    this.#at += 1;
    return byte;
  }

  /** Unsigned, seven bits a byte, least first; no padding, at most 2^53 - 1. */
  uint(): number {
    return this.#number(0x80);
  }

  /** Signed: the first byte holds the sign (0x40) and six bits. */
  int(): void {
    this.#number(0x40);
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Malformed('cut short');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  bytes(): Uint8Array {
    return this.take(this.uint());
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return utf8.decode(bytes);
    } catch (cause) {
      throw new Malformed(`not UTF-8: ${String(cause)}`);
    }
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new Malformed('trailing bytes');
  }

  /** `room` is how many values the first byte holds. */
  #number(room: number): number {
    let byte = this.byte();
    let value = byte & (room - 1);
    let weight = room;
    while (byte >= 0x80) {
      byte = this.byte();
      if (byte === 0) throw new Malformed('a padded number');
      value += (byte & 0x7f) * weight;
      weight *= 128;
      if (value > Number.MAX_SAFE_INTEGER) throw new Malformed('a number beyond 2^53');
    }
    return value;
  }
}

/** Runs a parser; `null` when the bytes are malformed. */
export function parsed<T>(parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
}
