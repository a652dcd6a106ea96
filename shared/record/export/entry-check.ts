import type { Millis } from '#shared/kernel/clock.ts';
import { equalBytes } from '#shared/kernel/encoding.ts';

import { commitPayload, parseEntry } from '../entry.ts';
import type { Sha256 } from '../hash.ts';
import { type Frontier, leafHash } from '../tree.ts';
import type { ExportFault } from './faults.ts';
import type { ExportedEntry } from './lines.ts';

/** Checks the entries of one record one after the other and grows their tree. [RC-22] [RC-23] */
export class EntryCheck {
  /** Entries of which only the leaf hash is shown. */
  withheld = 0;
  /** Entries shown together with their content. */
  opened = 0;
  first: Millis | null = null;
  last: Millis | null = null;
  readonly #log: string;
  readonly #tree: Frontier;
  readonly #hash: Sha256;

  /** `tree` holds what comes before the first entry to be taken. */
  constructor(log: string, tree: Frontier, hash: Sha256) {
    this.#log = log;
    this.#tree = tree;
    this.#hash = hash;
  }

  /** Place of the next entry. */
  get size(): number {
    return this.#tree.size;
  }

  root(): Uint8Array {
    return this.#tree.root();
  }

  /** null when the entry is good and counted; otherwise nothing has changed. */
  take(shown: ExportedEntry): ExportFault | null {
    if ('entry' in shown) {
      const fault = this.#takeShown(shown.entry, shown.leaf, shown.content);
      if (fault !== null) return fault;
    } else {
      this.withheld += 1;
    }
    this.#tree.append(shown.leaf);
    return null;
  }

  #takeShown(bytes: Uint8Array, leaf: Uint8Array, content: Content | null): ExportFault | null {
    if (!equalBytes(leafHash(bytes, this.#hash), leaf)) return 'entry-hash-differs';
    const parsed = parseEntry(bytes);
    if (!parsed.ok) return parsed.reason;
    const { entry } = parsed;
    if (entry.log !== this.#log) return 'entry-foreign-log';
    if (entry.seq !== this.#tree.size) return 'entry-out-of-place';
    if (this.last !== null && entry.at < this.last) return 'entry-goes-back-in-time';
    if (content !== null) {
      const { pc, pl } = commitPayload(content.salt, content.payload, this.#hash);
      if (pc !== entry.commitment.pc || pl !== entry.commitment.pl) return 'entry-content-differs';
      this.opened += 1;
    }
    this.first ??= entry.at;
    this.last = entry.at;
    return null;
  }
}

type Content = { readonly salt: Uint8Array; readonly payload: Uint8Array };
