import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { provePlaces } from '#shared/contracts/record-log.ts';
import { type Clock, every, type Millis } from '#shared/kernel/clock.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import type { Checkpoint } from '#shared/record/checkpoint.ts';
import type { NoteKey } from '#shared/record/keys.ts';
import { checkMany } from '#shared/record/many-proof.ts';
import { parseNote } from '#shared/record/note.ts';
import { parseReceipt } from '#shared/record/receipt.ts';
import { readReceipt } from '#shared/record/receipt-check.ts';

type Places = ReplyOf<typeof provePlaces>;

export type LedgerDeps = {
  /** Whether a record of this origin is the one that is checked. */
  readonly isOurs: (origin: string) => boolean;
  readonly clock: Clock;
  /** Keys that the hub's signed record certifies as keys for receipts. Rejects when the hub cannot be asked. */
  readonly certifiedKeys: () => Promise<readonly NoteKey[]>;
  /** Rejects when the hub cannot be asked. */
  readonly prove: (places: readonly number[]) => Promise<Places>;
  /** The checkpoint of an answer, verified against all that this browser verified before; `null` when it does not hold. */
  readonly believe: (places: Places) => Checkpoint | null;
};

/** A promise that was not kept. The note is the evidence. */
export type Broken = {
  readonly reason: 'not-certified' | 'contradicted' | 'not-covered';
  readonly note: string;
};

type Kept = { readonly index: number; readonly leaf: Uint8Array; readonly at: Millis; readonly note: string };

const ROUND = 5_000;
/** A receipt that nothing covers by then is proof of omission. */
export const TIMELY = 60_000;
const MOST_KEPT = 2_000;
const MOST_AT_ONCE = 256;

/**
 * What the hub has promised about one record and not yet kept. Places and leaf hashes only, the newest when there are too many.
 * A hub that does not answer breaks no promise; one that answers without covering it does, until it has kept it late. [RC-55]
 */
export class ReceiptLedger {
  readonly #deps: LedgerDeps;
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
  /** Signed by nobody known yet. */
  #unread: { readonly note: string; readonly at: Millis }[] = [];
  #kept = new Map<number, Kept>();
  /** Not covered in time: broken, until a checkpoint covers them after all. */
  #late = new Map<number, Kept>();
  #keys: readonly NoteKey[] = [];
  /** One by one after a proof failed, until the one that is wrong is found. */
  #atOnce = MOST_AT_ONCE;
  #broken: readonly Broken[] = [];

  constructor(deps: LedgerDeps) {
    this.#deps = deps;
    this.#stop = every(deps.clock, ROUND, () => this.round());
  }

  get broken(): readonly Broken[] {
    return this.#broken;
  }

  get pending(): number {
    return this.#kept.size + this.#unread.length;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  end(): void {
    this.#stop();
    this.#listeners.clear();
  }

  /** Passes over what is of another record. */
  take(note: string): void {
    const text = parseNote(note)?.text;
    const said = text === undefined ? null : parseReceipt(text);
    if (said !== null && !this.#deps.isOurs(said.origin)) return;
    const at = this.#deps.clock.now();
    if (!this.#keep(note, at)) this.#unread = [...this.#unread.slice(1 - MOST_KEPT), { note, at }];
  }

  /** Asks for keys while something is signed by nobody known, then for one proof of the oldest places. */
  async round(): Promise<void> {
    try {
      if (this.#unread.length > 0) await this.#readAgain();
      if (this.#kept.size + this.#late.size > 0) await this.#prove();
    } catch {
      // Nobody could be asked: that breaks no promise, and the next round asks again.
      return;
    }
  }

  async #readAgain(): Promise<void> {
    this.#keys = await this.#deps.certifiedKeys();
    const late = this.#deps.clock.now() - TIMELY;
    const waiting = this.#unread;
    this.#unread = [];
    for (const one of waiting) {
      if (this.#keep(one.note, one.at)) continue;
      if (one.at <= late) this.#break('not-certified', one.note);
      else this.#unread.push(one);
    }
  }

  #keep(note: string, at: Millis): boolean {
    const read = readReceipt(note, this.#keys);
    if (!read.ok) return false;
    for (const { index, leaf } of read.receipt.entries) this.#kept.set(index, { index, leaf, at, note });
    for (const index of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(index);
    }
    return true;
  }

  async #prove(): Promise<void> {
    const waiting = [...this.#kept.values(), ...this.#late.values()];
    const asked = waiting.slice(0, this.#atOnce).sort((a, b) => a.index - b.index);
    const answer = await this.#deps.prove(asked.map(({ index }) => index));
    const checkpoint = this.#deps.believe(answer);
    const size = checkpoint?.size ?? 0;
    const covered = asked.filter(({ index }) => index < size);
    if (checkpoint !== null && covered.length > 0) this.#judge(covered, checkpoint, answer.proof);
    const late = this.#deps.clock.now() - TIMELY;
    for (const kept of asked) {
      const { index, at, note } = kept;
      if (index < size || at > late || !this.#kept.delete(index)) continue;
      this.#late.set(index, kept);
      this.#break('not-covered', note);
    }
  }

  #judge(covered: readonly Kept[], { size, root }: Checkpoint, texts: readonly string[]): void {
    const proof = texts.map(fromBase64).filter((hash) => hash !== null);
    const holds = checkMany({ size, root, leaves: covered }, proof).ok && proof.length === texts.length;
    const [only] = covered;
    if (!holds && covered.length > 1) {
      this.#atOnce = 1;
      return;
    }
    for (const { index } of covered) {
      this.#kept.delete(index);
      this.#late.delete(index);
    }
    if (!holds && only !== undefined) this.#break('contradicted', only.note);
    this.#mend();
    if (this.#kept.size === 0) this.#atOnce = MOST_AT_ONCE;
  }

  /** What was late and is covered now is no longer an alarm; what was contradicted stays one. */
  #mend(): void {
    const still = new Set([...this.#late.values()].map(({ note }) => note));
    const broken = this.#broken.filter(({ reason, note }) => reason !== 'not-covered' || still.has(note));
    if (broken.length === this.#broken.length) return;
    this.#broken = broken;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }

  #break(reason: Broken['reason'], note: string): void {
    if (this.#broken.some((one) => one.note === note && one.reason === reason)) return;
    this.#broken = [...this.#broken, { reason, note }];
    this.#tell();
  }
}
