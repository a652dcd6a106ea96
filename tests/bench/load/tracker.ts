import { Latencies } from './latencies.ts';
import { readMarks, type Seen } from './marks.ts';

/** Cards each writer works on in turn: change n is of card n mod this. */
export const cardsPerWriter = 4;

/** The writers of one board and when each sent each of its changes. */
export class Ledger {
  readonly firstWriter: number;
  readonly sentAt: number[][];

  constructor(firstWriter: number, writers: number) {
    this.firstWriter = firstWriter;
    this.sentAt = Array.from({ length: writers }, () => []);
  }

  sent(writer: number, at: number): void {
    this.sentAt[writer - this.firstWriter]?.push(at);
  }
}

/** Counted over the changes sent within the window; what was sent before or after it must arrive too, but is not timed. */
export class Tally {
  readonly latencies = new Latencies();
  from = Number.POSITIVE_INFINITY;
  to = Number.POSITIVE_INFINITY;
  delivered = 0;
  /** Delivered in the only way left: a newer value of the same field came in the same frame. */
  superseded = 0;
  duplicates = 0;

  counts(at: number): boolean {
    return at >= this.from && at < this.to;
  }
}

/** What one connection has seen of the others' changes. */
export class Reader {
  readonly #ledger: Ledger;
  readonly #tally: Tally;
  readonly #own: number;
  readonly #next: number[];
  readonly #missing: Set<number>[];

  constructor(ledger: Ledger, tally: Tally, own = -1) {
    this.#ledger = ledger;
    this.#tally = tally;
    this.#own = own;
    this.#next = ledger.sentAt.map(() => 0);
    this.#missing = ledger.sentAt.map(() => new Set());
  }

  hear(frame: Buffer, now: number): void {
    const seen = readMarks(frame);
    const [first] = seen;
    if (first === undefined) return;
    if (seen.length === 1) {
      this.#hearOf(first.writer, seen, now);
      return;
    }
    const byWriter = new Map<number, Seen[]>();
    for (const one of seen) {
      const held = byWriter.get(one.writer);
      if (held === undefined) byWriter.set(one.writer, [one]);
      else held.push(one);
    }
    for (const [writer, marks] of byWriter) this.#hearOf(writer, marks, now);
  }

  hasFrom(writer: number): boolean {
    return (this.#next[writer - this.#ledger.firstWriter] ?? 0) > 0;
  }

  /** Changes sent and never seen. */
  missing(): number {
    let missing = 0;
    for (const [slot, times] of this.#ledger.sentAt.entries()) {
      if (slot + this.#ledger.firstWriter === this.#own) continue;
      missing += times.length - (this.#next[slot] ?? 0) + (this.#missing[slot]?.size ?? 0);
    }
    return missing;
  }

  #hearOf(writer: number, marks: readonly Seen[], now: number): void {
    const slot = writer - this.#ledger.firstWriter;
    const next = this.#next[slot];
    const missing = this.#missing[slot];
    const times = this.#ledger.sentAt[slot];
    if (writer === this.#own || next === undefined || missing === undefined || times === undefined) return;
    let reached = next;
    const direct = new Set<number>();
    for (const { change, at } of marks) {
      if (change < next && !missing.delete(change)) {
        this.#tally.duplicates += 1;
        continue;
      }
      direct.add(change);
      reached = Math.max(reached, change + 1);
      this.#arrived(at, now);
    }
    for (let change = next; change < reached; change++) {
      if (direct.has(change)) continue;
      const newer = [...direct].some((one) => one > change && (one - change) % cardsPerWriter === 0);
      if (!newer) missing.add(change);
      else if (this.#arrived(times[change] ?? now, now)) this.#tally.superseded += 1;
    }
    this.#next[slot] = reached;
  }

  #arrived(at: number, now: number): boolean {
    if (!this.#tally.counts(at)) return false;
    this.#tally.delivered += 1;
    this.#tally.latencies.record(now - at);
    return true;
  }
}
