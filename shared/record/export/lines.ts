import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { base64, concatBytes, fromBase64, fromUtf8, utf8 } from '#shared/kernel/encoding.ts';

import { SALT_LENGTH } from '../entry.ts';
import { HASH_LENGTH, type Sha256 } from '../hash.ts';
import type { ExportFault } from './faults.ts';

export const FORMAT = 'muster-export/1';

/** First line: which part of which record follows, and the key that says so. */
export type Header = {
  readonly origin: string;
  /** First entry in the file, and the hashes of the tree before it (`Frontier.hashes`). */
  readonly from: number;
  readonly frontier: readonly Uint8Array[];
  /** Size of the record at its checkpoint; the file holds entries `from` … `size - 1`. */
  readonly size: number;
  /** vkey of the log, as the hub states it. A reader compares it with the one he holds. */
  readonly key: string;
};

/** What the reader of this export may see of one entry: all, the entry without its content, or only its leaf hash. */
export type ExportedEntry =
  | {
      readonly leaf: Uint8Array;
      readonly entry: Uint8Array;
      readonly content: { readonly salt: Uint8Array; readonly payload: Uint8Array } | null;
    }
  | { readonly leaf: Uint8Array };

export type Line =
  | ({ readonly kind: 'header' } & Header)
  | { readonly kind: 'entry'; readonly shown: ExportedEntry }
  | { readonly kind: 'checkpoint'; readonly note: string }
  | { readonly kind: 'seal'; readonly note: string };
export type LineOutcome =
  | { readonly ok: true; readonly line: Line }
  | { readonly ok: false; readonly reason: ExportFault };

/** `,"z":"` base64 of 32 bytes `"}` */
const CHAIN_LENGTH = 52;

/** Every line but the seal ends in `z` = SHA-256(the `z` before || the line up to `,"z"`), the first one after 32 zero bytes. [RC-20] */
export class Chain {
  #last: Uint8Array = new Uint8Array(HASH_LENGTH);
  readonly #hash: Sha256;

  constructor(hash: Sha256) {
    this.#hash = hash;
  }

  /** Closes the canonical JSON of a line's members into the line as it stands in the file, without its end of line. */
  close(members: { readonly [name: string]: Json }): string {
    const body = canonicalJson(members).slice(0, -1);
    this.#last = this.#hash(concatBytes(this.#last, utf8(body)));
    return `${body},"z":"${this.value}"}`;
  }

  /** True when this line was written here, after all the lines before it; moves on to it then. */
  accepts(line: Uint8Array): boolean {
    const end = line.length - CHAIN_LENGTH;
    const next = this.#hash(concatBytes(this.#last, line.subarray(0, end)));
    if (fromUtf8(line.subarray(end)) !== `,"z":"${base64(next)}"}`) return false;
    this.#last = next;
    return true;
  }

  get value(): string {
    return base64(this.#last);
  }
}

/** What the log signs at the end of the file: everything above it, through the chain. [RC-21] */
export function sealText(origin: string, chain: string): string {
  return `${FORMAT}\n${origin}\n${chain}\n`;
}

/** Whether this is the end of some export of that record, and nothing else a key could be asked to sign. */
export function isSealText(origin: string, text: string): boolean {
  const chain = text.split('\n')[2] ?? '';
  return text === sealText(origin, chain) && fromBase64(chain)?.length === HASH_LENGTH;
}

export function headerMembers({ origin, from, frontier, size, key }: Header): { [name: string]: Json } {
  return { format: FORMAT, origin, from, frontier: frontier.map(base64), size, key };
}

export function entryMembers(shown: ExportedEntry): { [name: string]: Json } {
  if (!('entry' in shown)) return { h: base64(shown.leaf) };
  const { leaf, entry, content } = shown;
  return {
    e: base64(entry),
    h: base64(leaf),
    p: content === null ? null : base64(content.payload),
    s: content === null ? null : base64(content.salt),
  };
}

/** Accepts only the canonical form, with exactly the members of one kind of line. [RC-19] */
export function parseLine(bytes: Uint8Array): LineOutcome {
  let text: string;
  let value: Record<string, Json>;
  try {
    text = fromUtf8(bytes);
    value = JSON.parse(text) as Record<string, Json>;
    // The decoder drops a byte order mark, so the first byte is looked at as well.
    if (bytes[0] !== 0x7b || canonicalJson(value) !== text)
      return { ok: false, reason: 'line-not-canonical' };
  } catch {
    return { ok: false, reason: 'line-not-json' };
  }
  const parse = parsers[Object.keys(value).join()];
  const line = parse === undefined ? null : parse(value);
  return line === null ? { ok: false, reason: 'line-malformed' } : { ok: true, line };
}

/** By the members of the line: canonical form has fixed their order. */
const parsers: Readonly<Record<string, (value: Record<string, Json>) => Line | null>> = {
  'e,h,p,s,z': ({ e, h, p, s }) =>
    parseOpen(bytesOf(e), bytesOf(h), p === null && s === null ? null : [s, p]),
  'h,z': ({ h }) => {
    const leaf = bytesOf(h);
    return leaf?.length === HASH_LENGTH ? { kind: 'entry', shown: { leaf } } : null;
  },
  'format,from,frontier,key,origin,size,z': parseHeader,
  'checkpoint,z': ({ checkpoint }) => parseNoteLine('checkpoint', checkpoint),
  seal: ({ seal }) => parseNoteLine('seal', seal),
};

function parseOpen(
  entry: Uint8Array | null,
  leaf: Uint8Array | null,
  pair: readonly [Json | undefined, Json | undefined] | null,
): Line | null {
  if (entry === null || leaf?.length !== HASH_LENGTH) return null;
  if (pair === null) return { kind: 'entry', shown: { leaf, entry, content: null } };
  const [salt, payload] = [bytesOf(pair[0]), bytesOf(pair[1])];
  if (salt?.length !== SALT_LENGTH || payload === null) return null;
  return { kind: 'entry', shown: { leaf, entry, content: { salt, payload } } };
}

function parseHeader({ format, from, frontier, key, origin, size }: Record<string, Json>): Line | null {
  if (format !== FORMAT || typeof key !== 'string' || typeof origin !== 'string') return null;
  if (!isCount(from) || !isCount(size) || from > size || !Array.isArray(frontier)) return null;
  const hashes = frontier.map(bytesOf);
  const known = hashes.filter((hash) => hash !== null);
  if (known.length !== hashes.length) return null;
  return { kind: 'header', origin, from, frontier: known, size, key };
}

function parseNoteLine(kind: 'checkpoint' | 'seal', note: Json | undefined): Line | null {
  return typeof note === 'string' ? { kind, note } : null;
}

function bytesOf(value: Json | undefined): Uint8Array | null {
  return typeof value === 'string' ? fromBase64(value) : null;
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
