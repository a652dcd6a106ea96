import { ibanLength } from '../families/bank.ts';
import { canonicaliseCrypto } from '../families/crypto/address.ts';
import { canonicaliseHash, hashOfLength } from '../families/hashes.ts';
import { canonicalise } from '../selector.ts';
import { type Candidate, candidate, type Scan } from './candidate.ts';

const EMAIL_LOCAL = /[A-Za-z0-9._%+'-]/;
const EMAIL_HOST = /[\p{L}\p{M}\p{N}.-]/u;

/** E-mail addresses, found from their `@`. [IN-21] */
export function* findEmails({ plain: { text }, options, meter }: Scan): Iterable<Candidate> {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let from = at;
    while (from > 0 && at - from < 64 && EMAIL_LOCAL.test(text.charAt(from - 1))) from--;
    while (from < at && /[.+'-]/.test(text.charAt(from))) from++;
    let to = at + 1;
    while (to < text.length && to - at < 254 && EMAIL_HOST.test(text.charAt(to))) to++;
    while (to > at + 1 && /[.-]/.test(text.charAt(to - 1))) to--;
    meter(to - from);
    if (from === at) continue;
    const found = candidate({ from, to }, canonicalise('email', text.slice(from, to), options));
    if (found) yield found;
  }
}

const LONG_WORD = /[A-Za-z0-9]{25,}/g;
const LONGEST_WORD = 130;
const SOLANA_WORDS = /\b(?:solana|sol|spl|phantom)\b/i;

/** Hashes by their length, crypto addresses by their checksum. [IN-21] */
export function* findLongWords({ plain: { text }, meter }: Scan): Iterable<Candidate> {
  for (const { index: from, 0: word } of text.matchAll(LONG_WORD)) {
    meter(word.length);
    if (word.length > LONGEST_WORD) continue;
    const to = from + word.length;
    const hash = /^[0-9a-f]+$/i.test(word) ? hashOfLength(word.length) : null;
    const found = hash
      ? candidate({ from, to }, canonicaliseHash(hash, word))
      : address({ from: withCashPrefix(text, from), to }, word, text);
    if (found) yield found;
  }
}

function address(span: { from: number; to: number }, word: string, text: string): Candidate | null {
  const result = canonicaliseCrypto(word);
  if (!result.ok || !result.notes.includes('no-checksum')) return candidate(span, result);
  if (word.length < 43 || !/\d/.test(word) || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return null;
  const near = text.slice(Math.max(0, span.from - 40), span.to + 20);
  return candidate(span, result, SOLANA_WORDS.test(near) ? null : 'needs-confirmation');
}

function withCashPrefix(text: string, from: number): number {
  const prefix = 'bitcoincash:';
  return text.slice(Math.max(0, from - prefix.length), from).toLowerCase() === prefix
    ? from - prefix.length
    : from;
}

const IBAN_RUN = /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}/g;

/** IBANs, with or without spaces, of the length their country has. [IN-21] */
export function* findIbans({ plain: { text }, meter }: Scan): Iterable<Candidate> {
  for (const { index: from, 0: run } of text.matchAll(IBAN_RUN)) {
    meter(run.length);
    const length = ibanLength(run.slice(0, 2));
    const taken = length === null ? null : takeSigns(run, length);
    if (taken === null || /[A-Za-z0-9]/.test(text.charAt(from + taken.length))) continue;
    const found = candidate({ from, to: from + taken.length }, canonicalise('iban', taken));
    if (found) yield found;
  }
}

/** The beginning of `run` that holds `count` signs other than spaces. */
function takeSigns(run: string, count: number): string | null {
  let left = count;
  for (let at = 0; at < run.length; at++) {
    if (run.charAt(at) !== ' ' && --left === 0) return run.slice(0, at + 1);
  }
  return null;
}
