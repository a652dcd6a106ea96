import type { Millis } from '#shared/kernel/clock.ts';
import { base64, equalBytes } from '#shared/kernel/encoding.ts';

import { parseCheckpoint } from '../checkpoint.ts';
import type { Sha256 } from '../hash.ts';
import { formatVkey, type NoteKey, parseVkey, signatureTypes } from '../keys.ts';
import { type NoteSigner, verifyNote } from '../note.ts';
import { Frontier } from '../tree.ts';
import type { Policy } from '../witness/policy.ts';
import { type QuorumVerdict, weighQuorum } from '../witness/quorum.ts';
import { EntryCheck } from './entry-check.ts';
import type { ExportFault } from './faults.ts';
import { Chain, type ExportedEntry, type Header, type Line, parseLine, sealText } from './lines.ts';

export type CheckOptions = {
  /** The log's key as the reader holds it from elsewhere. */
  readonly vkey?: string;
  /** Keys of cosigners the reader holds. */
  readonly witnesses?: readonly string[];
  /** What must have cosigned; its log keys count as keys the reader holds. [RC-67] */
  readonly policy?: Policy;
  /** A size at which the root is wanted, to compare this record with another copy of it. */
  readonly rootAt?: number;
  /** Told of each place once it is found good, with the root of the tree up to and with it. */
  readonly onEntry?: (at: number, shown: ExportedEntry, root: () => Uint8Array) => void;
};

/** What a good export says. */
export type ExportSummary = {
  readonly origin: string;
  readonly from: number;
  readonly size: number;
  /** base64 of the signed root. */
  readonly root: string;
  /** Entries of which only the leaf hash is shown, and entries shown together with their content. */
  readonly withheld: number;
  readonly opened: number;
  /** Times of the first and last entry shown. */
  readonly first: Millis | null;
  readonly last: Millis | null;
  /** Authenticated only by a key that came from outside the file. */
  readonly signer: 'authenticated' | 'not authenticated';
  readonly key: string;
  /** Cosigners whose key was given, with the time (POSIX seconds) at which they saw the checkpoint. */
  readonly witnessed: readonly { readonly name: string; readonly at: number }[];
  /** Under the policy given, of the newest checkpoint in the file that comes nearest to it; null without a policy. */
  readonly quorum: (QuorumVerdict & { readonly size: number }) | null;
  /** base64 of the root at `rootAt`; null when that was not asked, or the file does not show it. */
  readonly rootAt: string | null;
};

/** A checkpoint in the file, and who signed it. */
type Signed = { readonly size: number; readonly root: Uint8Array; readonly signers: readonly NoteSigner[] };
type Open = {
  readonly header: Header;
  readonly key: NoteKey;
  readonly entries: EntryCheck;
  /** The one that stands among the entries. */
  readonly cosigned: Signed | null;
};
type Step =
  | { readonly state: 'header' }
  | ({ readonly state: 'entries' } & Open)
  | ({ readonly state: 'seal'; readonly last: Signed } & Open)
  | { readonly state: 'done'; readonly summary: ExportSummary };

/** One pass over the lines of one export. `take` line after line; after a fault it is used up. */
export class ExportCheck {
  readonly #options: CheckOptions;
  readonly #hash: Sha256;
  readonly #chain: Chain;
  #step: Step = { state: 'header' };
  #rootAt: string | null = null;

  constructor(options: CheckOptions, hash: Sha256) {
    this.#options = options;
    this.#hash = hash;
    this.#chain = new Chain(hash);
  }

  /** The entry the next line must hold; null before the first and after the last. */
  get at(): number | null {
    return this.#step.state === 'entries' && !isComplete(this.#step) ? this.#step.entries.size : null;
  }

  /** Entries taken, of how many, once the header has been read. */
  get progress(): { readonly done: number; readonly total: number } | null {
    if (this.#step.state !== 'entries') return null;
    const { header, entries } = this.#step;
    return { done: entries.size - header.from, total: header.size - header.from };
  }

  /** null until the seal has been checked. */
  get summary(): ExportSummary | null {
    return this.#step.state === 'done' ? this.#step.summary : null;
  }

  /** Takes one line without its end; says what is wrong with it. [RC-20] */
  take(bytes: Uint8Array): ExportFault | null {
    if (this.#step.state === 'done') return 'export-trailing-bytes';
    const outcome = parseLine(bytes);
    if (!outcome.ok) return outcome.reason;
    if (outcome.line.kind !== 'seal' && !this.#chain.accepts(bytes)) return 'line-chain-broken';
    const next = this.#next(this.#step, outcome.line);
    if (typeof next === 'string') return next;
    this.#step = next;
    return null;
  }

  #next(step: Step, line: Line): Step | ExportFault {
    if (step.state === 'header' && line.kind === 'header') return this.#start(line);
    if (step.state === 'entries' && line.kind === 'entry' && !isComplete(step)) {
      const { entries } = step;
      const fault = entries.take(line.shown);
      if (fault !== null) return fault;
      this.#noteRoot(entries);
      this.#options.onEntry?.(entries.size - 1, line.shown, () => entries.root());
      return step;
    }
    if (step.state === 'entries' && line.kind === 'checkpoint') return this.#checkpoint(step, line.note);
    if (step.state === 'seal' && line.kind === 'seal') return this.#seal(step, line.note);
    return 'line-not-expected';
  }

  #start(header: Header): Step | ExportFault {
    const { vkey, witnesses = [] } = this.#options;
    if (vkey !== undefined && parseLogKey(vkey) === null) return 'key-malformed';
    if (witnesses.some((witness) => parseVkey(witness) === null)) return 'key-malformed';
    if (vkey !== undefined && vkey !== header.key) return 'key-differs';
    const key = parseLogKey(header.key);
    const tree = Frontier.restore(header.from, header.frontier, this.#hash);
    if (key === null || key.name !== header.origin || tree === null) return 'line-malformed';
    if (!isLogOf(this.#options.policy, key)) return 'key-differs';
    const entries = new EntryCheck(header.origin, tree, this.#hash);
    this.#noteRoot(entries);
    return { state: 'entries', header, key, entries, cosigned: null };
  }

  #noteRoot(entries: EntryCheck): void {
    if (entries.size === this.#options.rootAt) this.#rootAt = base64(entries.root());
  }

  /** The last one, or the one cosigned checkpoint that may stand among the entries. [RC-24] [RC-67] */
  #checkpoint(step: Open, note: string): Step | ExportFault {
    if (!isComplete(step) && (step.cosigned !== null || step.entries.size === step.header.from))
      return 'line-not-expected';
    const signed = this.#signed(step, note);
    if (typeof signed === 'string') return signed;
    return isComplete(step)
      ? { ...step, state: 'seal', last: signed }
      : { ...step, state: 'entries', cosigned: signed };
  }

  #signed(step: Open, note: string): Signed | ExportFault {
    const witnesses = (this.#options.witnesses ?? []).map(parseVkey).filter((key) => key !== null);
    const counted = this.#options.policy?.witnesses ?? [];
    const verified = verifyNote(note, [step.key, ...counted, ...witnesses]);
    if (!verified.ok) return verified.reason;
    if (!verified.signers.some(({ key }) => key === step.key)) return 'note-no-known-signer';
    const checkpoint = parseCheckpoint(verified.text);
    if (checkpoint === null) return 'checkpoint-malformed';
    const { origin, size, root } = checkpoint;
    if (origin !== step.header.origin || size !== step.entries.size) return 'checkpoint-differs';
    if (!equalBytes(root, step.entries.root())) return 'root-mismatch';
    return { size, root, signers: verified.signers };
  }

  /** [RC-21] [RC-25] */
  #seal(step: Step & { state: 'seal' }, note: string): Step | ExportFault {
    const { header, key, entries } = step;
    const verified = verifyNote(note, [key]);
    if (!verified.ok) return verified.reason;
    if (verified.unknown > 0 || verified.signers.length > 1) return 'note-too-many-signatures';
    if (verified.text !== sealText(header.origin, this.#chain.value)) return 'seal-differs';
    const { withheld, opened, first, last } = entries;
    const summary: ExportSummary = {
      origin: header.origin,
      from: header.from,
      size: header.size,
      root: base64(step.last.root),
      withheld,
      opened,
      first,
      last,
      signer: this.#isPinned() ? 'authenticated' : 'not authenticated',
      key: formatVkey(key),
      witnessed: step.last.signers.flatMap(({ key: { name }, at }) => (at === null ? [] : [{ name, at }])),
      quorum: this.#quorum(step),
      rootAt: this.#rootAt,
    };
    return { state: 'done', summary };
  }

  #isPinned(): boolean {
    return this.#options.vkey !== undefined || (this.#options.policy?.logs.length ?? 0) > 0;
  }

  /** The last checkpoint when it has the quorum; else the one among the entries; else what the last one lacks. */
  #quorum({ last, cosigned }: Open & { last: Signed }): ExportSummary['quorum'] {
    const { policy } = this.#options;
    if (policy === undefined) return null;
    const weighed = [last, ...(cosigned === null ? [] : [cosigned])].map((signed) => ({
      ...weighQuorum(policy, signed.signers),
      size: signed.size,
    }));
    return weighed.find(({ met }) => met) ?? weighed[0] ?? null;
  }
}

function isComplete({ header, entries }: Open): boolean {
  return entries.size === header.size;
}

/** A policy that names logs is about those logs and no other. */
function isLogOf(policy: Policy | undefined, key: NoteKey): boolean {
  const logs = policy?.logs ?? [];
  return logs.length === 0 || logs.some((log) => formatVkey(log) === formatVkey(key));
}

function parseLogKey(vkey: string): NoteKey | null {
  const key = parseVkey(vkey);
  return key?.type === signatureTypes.log ? key : null;
}
