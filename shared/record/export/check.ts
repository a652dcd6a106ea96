import type { Millis } from '#shared/kernel/clock.ts';
import { base64, equalBytes } from '#shared/kernel/encoding.ts';

import { parseCheckpoint } from '../checkpoint.ts';
import type { Sha256 } from '../hash.ts';
import { formatVkey, type NoteKey, parseVkey, signatureTypes } from '../keys.ts';
import { type NoteSigner, verifyNote } from '../note.ts';
import { Frontier } from '../tree.ts';
import { EntryCheck } from './entry-check.ts';
import type { ExportFault } from './faults.ts';
import { Chain, type Header, type Line, parseLine, sealText } from './lines.ts';

export type CheckOptions = {
  /** The log's key as the reader holds it from elsewhere. */
  readonly vkey?: string;
  /** Keys of cosigners the reader holds. */
  readonly witnesses?: readonly string[];
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
};

type Open = { readonly header: Header; readonly key: NoteKey; readonly entries: EntryCheck };
type Step =
  | { readonly state: 'header' }
  | ({ readonly state: 'entries' } & Open)
  | ({ readonly state: 'seal'; readonly root: Uint8Array; readonly signers: readonly NoteSigner[] } & Open)
  | { readonly state: 'done'; readonly summary: ExportSummary };

/** One pass over the lines of one export. `take` line after line; after a fault it is used up. */
export class ExportCheck {
  readonly #options: CheckOptions;
  readonly #hash: Sha256;
  readonly #chain: Chain;
  #step: Step = { state: 'header' };

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
      return step.entries.take(line.shown) ?? step;
    }
    if (step.state === 'entries' && line.kind === 'checkpoint' && isComplete(step)) {
      return this.#close(step, line.note);
    }
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
    const entries = new EntryCheck(header.origin, tree, this.#hash);
    return { state: 'entries', header, key, entries };
  }

  /** [RC-24] */
  #close(step: Open, note: string): Step | ExportFault {
    const witnesses = (this.#options.witnesses ?? []).map(parseVkey).filter((key) => key !== null);
    const verified = verifyNote(note, [step.key, ...witnesses]);
    if (!verified.ok) return verified.reason;
    if (!verified.signers.some(({ key }) => key === step.key)) return 'note-no-known-signer';
    const checkpoint = parseCheckpoint(verified.text);
    if (checkpoint === null) return 'checkpoint-malformed';
    const { origin, size, root } = checkpoint;
    if (origin !== step.header.origin || size !== step.header.size) return 'checkpoint-differs';
    if (!equalBytes(root, step.entries.root())) return 'root-mismatch';
    return { ...step, state: 'seal', root, signers: verified.signers };
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
      root: base64(step.root),
      withheld,
      opened,
      first,
      last,
      signer: this.#options.vkey === undefined ? 'not authenticated' : 'authenticated',
      key: formatVkey(key),
      witnessed: step.signers.flatMap(({ key: { name }, at }) => (at === null ? [] : [{ name, at }])),
    };
    return { state: 'done', summary };
  }
}

function isComplete({ header, entries }: Open): boolean {
  return entries.size === header.size;
}

function parseLogKey(vkey: string): NoteKey | null {
  const key = parseVkey(vkey);
  return key?.type === signatureTypes.log ? key : null;
}
