import { concatBytes } from '#shared/kernel/encoding.ts';

const NEWLINE = 0x0a;

/** Cuts a stream of bytes at its line ends and keeps only the unfinished line. */
export class LineSplitter {
  #parts: Uint8Array[] = [];
  #pending = 0;

  /** Bytes of the line that has no end yet. */
  get pending(): number {
    return this.#pending;
  }

  /** The lines that `chunk` completes, without their ends. Take them all before the next chunk. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const rest = chunk.subarray(start, end);
      const line = this.#pending === 0 ? rest : concatBytes(...this.#parts, rest);
      this.#parts = [];
      this.#pending = 0;
      start = end + 1;
      yield line;
    }
    if (start === chunk.length) return;
    this.#parts.push(chunk.slice(start));
    this.#pending += chunk.length - start;
  }
}
