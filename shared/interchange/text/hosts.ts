import { canonicaliseIp } from '../families/addresses.ts';
import { canonicaliseDomain } from '../families/names.ts';
import { canonicalise } from '../selector.ts';
import type { Note } from '../verdict.ts';
import { type Candidate, candidate, doubtOf, type Scan, UNSPACED, withPort } from './candidate.ts';
import { looksLikeFile, looksLikeProse } from './not-domains.ts';

const HOST_RUN = /[\p{L}\p{M}\p{N}_.-]+/gu;
const PORT = /:(\d{1,5})(?![\w:-]|\.\d)/y;
const PREFIX = /\/(\d{1,2})(?![\w./-])/y;
const LONGEST = 300;

/** Domains, IPv4 addresses and ranges, each with the port behind it. [IN-21] */
export function* findHosts(scan: Scan): Iterable<Candidate> {
  for (const { index, 0: run } of scan.plain.text.matchAll(HOST_RUN)) {
    scan.meter(run.length);
    if (!run.includes('.')) continue;
    for (const piece of pieces(run)) {
      const found = host(scan, index + piece.at, piece.text);
      if (found) yield found;
    }
  }
}

type Piece = { readonly at: number; readonly text: string };

/** Cuts where the script changes inside a word, and between two addresses joined by a hyphen. */
function* pieces(run: string): Iterable<Piece> {
  let start = 0;
  for (let at = 1; at <= run.length; at++) {
    if (at < run.length && !isBoundary(run, at)) continue;
    const piece = trimmed(run.slice(start, at), start);
    start = at;
    if (piece.text.length <= LONGEST && piece.text.includes('.')) yield* ranges(piece);
  }
}

function isBoundary(run: string, at: number): boolean {
  const [before, after] = [run.charAt(at - 1), run.charAt(at)];
  if (before <= '\u007f' && after <= '\u007f') return false;
  if (/[.-]/.test(before) || /[.-]/.test(after)) return false;
  return UNSPACED.test(before) !== UNSPACED.test(after);
}

function trimmed(text: string, at: number): Piece {
  const lead = /^[._-]*/.exec(text)?.[0].length ?? 0;
  return { at: at + lead, text: text.slice(lead).replace(/[._-]{1,300}$/, '') };
}

function* ranges({ at, text }: Piece): Iterable<Piece> {
  if (!/^[\d.]+(?:-[\d.]+)+$/.test(text)) {
    yield { at, text };
    return;
  }
  let start = at;
  for (const part of text.split('-')) {
    yield { at: start, text: part };
    start += part.length + 1;
  }
}

function host(scan: Scan, from: number, text: string): Candidate | null {
  if (/^[\d.]+$/.test(text)) return ipv4(scan, from, text);
  return domain(scan, from, text) ?? domainBeforeWords(scan, from, text);
}

/** `example.com.` and the next sentence, in a script without spaces. */
function domainBeforeWords(scan: Scan, from: number, text: string): Candidate | null {
  const dot = text.lastIndexOf('.');
  return dot > 0 && UNSPACED.test(text.slice(dot + 1)) ? domain(scan, from, text.slice(0, dot)) : null;
}

const COUNTED = /(?:version|ver|v|section|sec|room|chapter|clause|build|release|§|รุ่น|ข้อ)[.:]?\s?$/i;

function ipv4(scan: Scan, from: number, text: string): Candidate | null {
  const { plain } = scan;
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return null;
  const to = from + text.length;
  const prefix = at(PREFIX, plain.text, to);
  if (prefix && Number(prefix[1]) <= 32) {
    const span = { from, to: to + prefix[0].length };
    const range = candidate(span, canonicalise('cidr', `${text}${prefix[0]}`), doubtOf(scan, from, to));
    if (range) return range;
  }
  const defanged = plain.isDefanged(from, to);
  if (!defanged && COUNTED.test(plain.text.slice(Math.max(0, from - 12), from))) return null;
  const port = at(PORT, plain.text, to)?.[1];
  return withPort(candidate({ from, to }, canonicaliseIp(text), doubtOf(scan, from, to)), port);
}

function domain(scan: Scan, from: number, text: string): Candidate | null {
  const { plain } = scan;
  const to = from + text.length;
  const port = at(PORT, plain.text, to)?.[1];
  const result = canonicaliseDomain(text);
  if (!result.ok || plain.text.charAt(from - 1) === '@') return null;
  let doubt: Note | null = doubtOf(scan, from, to);
  if (!plain.isDefanged(from, to) && !/^www\./i.test(text)) {
    if (looksLikeFile(plain.text, from, text)) return null;
    if (port === undefined && looksLikeProse(plain.text, to, text)) doubt = 'needs-confirmation';
  }
  return withPort(candidate({ from, to }, result, doubt), port);
}

function at(pattern: RegExp, text: string, index: number): RegExpExecArray | null {
  pattern.lastIndex = index;
  return pattern.exec(text);
}

const V6_RUN = /[0-9A-Fa-f:.]{4,}/g;

export function* findIpv6(scan: Scan): Iterable<Candidate> {
  const { text } = scan.plain;
  for (const { index, 0: run } of text.matchAll(V6_RUN)) {
    scan.meter(run.length);
    const bare = run.replace(/[.:]$/, '').replace(/^\.+/, '');
    if (bare.length > 45 || !isAddressShape(bare)) continue;
    const from = index + run.indexOf(bare);
    if (/[\w]/.test(text.charAt(from - 1)) || /[\w]/.test(text.charAt(from + bare.length))) continue;
    const to = from + bare.length;
    const prefix = /^\/\d{1,3}(?!\w)/.exec(text.slice(to, to + 5))?.[0] ?? '';
    const found = candidate(
      { from, to: to + prefix.length },
      canonicaliseIp(bare + prefix),
      doubtOf(scan, from, to),
    );
    if (found) yield found;
  }
}

/** Times and MAC addresses have colons too; so have names in programs (`fade::dead`). */
function isAddressShape(text: string): boolean {
  const colons = text.split(':').length - 1;
  if (!text.includes('::')) return colons === 7;
  return /\d/.test(text) && text.replace(/[:.]/g, '').length >= 3;
}
