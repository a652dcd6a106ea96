import { boardEngineLimits as limits } from '../limits.ts';
import { Malformed, parsed, StrictReader } from './strict-reader.ts';
import { skipContent } from './struct-content.ts';

/** Clocks `from` (included) to `to` (excluded) of one client id. */
export type Span = { readonly client: number; readonly from: number; readonly to: number };

/** What a Yjs update (V1) says about itself, read without touching a document. */
export type ScannedUpdate = {
  readonly structs: number;
  /** One for each client id: what the update brings. */
  readonly brings: readonly Span[];
  readonly deletes: readonly Span[];
  /** Highest clock that is pointed at, by client id. */
  readonly pointsAt: ReadonlyMap<number, number>;
  /** Names of the roots that new content hangs from. */
  readonly roots: ReadonlySet<string>;
  /** True when it says itself that something is left out. */
  readonly skips: boolean;
};

const kinds = { deletedRun: 0, skip: 10 } as const;
const hasLeft = 0x80;
const hasRight = 0x40;
const hasKey = 0x20;

/** Accepts what Yjs 13 writes and nothing looser; `null` otherwise. [BD-9] */
export function scanUpdate(update: Uint8Array): ScannedUpdate | null {
  return parsed(() => {
    const scan = new Scan(update);
    scan.all();
    return scan;
  });
}

class Scan implements ScannedUpdate {
  structs = 0;
  skips = false;
  readonly brings: Span[] = [];
  readonly deletes: Span[] = [];
  readonly pointsAt = new Map<number, number>();
  readonly roots = new Set<string>();
  readonly #reader: StrictReader;

  constructor(update: Uint8Array) {
    this.#reader = new StrictReader(update);
  }

  all(): void {
    const seen = new Set<number>();
    for (let left = this.#reader.uint(); left > 0; left--) this.#client(seen);
    seen.clear();
    for (let left = this.#reader.uint(); left > 0; left--) this.#deletesOf(seen);
    this.#reader.end();
  }

  #client(seen: Set<number>): void {
    const count = this.#reader.uint();
    const client = this.#reader.uint();
    const from = this.#reader.uint();
    if (count === 0 || seen.has(client)) throw new Malformed('an empty or repeated client');
    seen.add(client);
    let clock = from;
    for (let left = count; left > 0; left--) {
      this.structs += 1;
      if (this.structs > limits.structs) throw new Malformed('too many structs');
      clock += this.#struct(client, clock);
      if (clock > limits.clock) throw new Malformed('a clock out of range');
    }
    this.brings.push({ client, from, to: clock });
  }

  #struct(client: number, clock: number): number {
    const info = this.#reader.byte();
    const kind = info & 0x1f;
    if (kind === kinds.deletedRun || kind === kinds.skip) {
      if (info !== kind) throw new Malformed('flags on a run');
      this.skips ||= kind === kinds.skip;
      return this.#run();
    }
    if (info & hasLeft) this.#pointer(client, clock);
    if (info & hasRight) this.#pointer(client, clock);
    if ((info & (hasLeft | hasRight)) === 0) {
      this.#parent(client, clock);
      if (info & hasKey && this.#reader.text() === '__proto__') throw new Malformed('a forbidden key');
    }
    return skipContent(this.#reader, kind);
  }

  #run(): number {
    const length = this.#reader.uint();
    if (length === 0 || length > limits.deletedRun) throw new Malformed('a run out of range');
    return length;
  }

  #parent(client: number, clock: number): void {
    const named = this.#reader.uint();
    if (named > 1) throw new Malformed('an unknown parent');
    if (named === 1) this.roots.add(this.#reader.text());
    else this.#pointer(client, clock);
  }

  #pointer(client: number, clock: number): void {
    const to = { client: this.#reader.uint(), clock: this.#reader.uint() };
    if (to.client === client && to.clock >= clock) throw new Malformed('a struct that builds on itself');
    if (to.clock > (this.pointsAt.get(to.client) ?? -1)) this.pointsAt.set(to.client, to.clock);
  }

  #deletesOf(seen: Set<number>): void {
    const client = this.#reader.uint();
    const count = this.#reader.uint();
    if (count === 0 || seen.has(client)) throw new Malformed('an empty or repeated client');
    seen.add(client);
    let free = 0;
    for (let left = count; left > 0; left--) {
      const from = this.#reader.uint();
      const length = this.#reader.uint();
      if (from < free || length === 0 || from + length > limits.clock) throw new Malformed('a wrong range');
      free = from + length;
      this.deletes.push({ client, from, to: free });
    }
  }
}
