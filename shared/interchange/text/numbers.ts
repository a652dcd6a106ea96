import { canonicaliseAccount } from '../families/bank.ts';
import type { Bank } from '../families/bank-names.ts';
import { canonicalisePhone } from '../families/phone.ts';
import { type Candidate, candidate, type Scan } from './candidate.ts';
import { bankCalled, bankWords, type NumberKind, numberWords } from './lexicon.ts';

const DATE =
  /(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?:[ T,]{1,2}\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)|(?<!\d)\d{1,2}:\d{2}(?::\d{2})?(?!\d)/g;
const NUMBER = /[+(]{0,2}\d(?:[ ().-]{0,2}\d){5,24}/g;
const GLUED_BEFORE = /[A-Za-z0-9_/\\=&?%@$€£฿#]$|\d[.,:]$|[.,-]$/;
const GLUED_AFTER = /^(?:[A-Za-z0-9_@/\\%]|[.,:]\d|-\w)/;
/** How far around a number its words are looked for (characters, on the same line). */
const BEFORE = 48;
const AFTER = 16;

/** A number is at most so long, and a run is tried from at most so many of its groups. */
const MOST_DIGITS = 19;
const MOST_GROUPS = 7;
const MOST_STARTS = 3;

/** Phone numbers and bank accounts: bare digits are what the words around them say. [IN-23] */
export function* findNumbers(scan: Scan): Iterable<Candidate> {
  const text = scan.plain.text.replace(DATE, (date) => '\u0000'.repeat(date.length));
  const runs = new RegExp(NUMBER);
  for (let run = runs.exec(text); run; run = runs.exec(text)) {
    scan.meter(run[0].length + BEFORE + AFTER);
    const found = firstIn(scan, text, { from: run.index, run: run[0] });
    if (!found) continue;
    yield found;
    runs.lastIndex = found.to;
  }
}

/** The first number of a run, which may begin with other digits: `12 0812345678`. */
function firstIn(scan: Scan, text: string, { from, run }: { from: number; run: string }): Candidate | null {
  let start = 0;
  for (let starts = 0; starts < MOST_STARTS; starts++) {
    const found = number(scan, text, { from: from + start, run: run.slice(start) });
    if (found) return found;
    const next = /^\D*\d+[ ().-]+/.exec(run.slice(start))?.[0].length ?? 0;
    if (next === 0) return null;
    start += next;
  }
  return null;
}

function number(scan: Scan, text: string, { from, run }: { from: number; run: string }): Candidate | null {
  if (GLUED_BEFORE.test(text.slice(Math.max(0, from - 2), from))) return null;
  const country = scan.options.defaultCountry;
  const before = contextBefore(text, from, country);
  for (const raw of shorter(run)) {
    const to = from + raw.length;
    if (GLUED_AFTER.test(text.slice(to, to + 2)) || isDotted(raw)) continue;
    const context = withBank(before, () => contextAfter(text, to, country));
    const found = classify(scan, { from, to, raw, ...context });
    if (found) return found;
  }
  return null;
}

/** The run itself, then without its last groups: two numbers side by side look like one. */
function* shorter(run: string): Iterable<string> {
  const groups = [...run.matchAll(/\d+/g)].slice(0, MOST_GROUPS);
  let digits = groups.reduce((sum, group) => sum + group[0].length, 0);
  for (const group of groups.reverse()) {
    if (digits < 6) return;
    if (digits <= MOST_DIGITS) yield run.slice(0, group.index + group[0].length);
    digits -= group[0].length;
  }
}

/** Versions and addresses have dots between short groups; phone numbers between groups of three or more. */
function isDotted(raw: string): boolean {
  return (
    raw.includes('.') &&
    (raw.split('.').length > 4 || /(?:^|\.)\d{1,2}(?:\.|$)/.test(raw) || /^\d+(?:\.\d+){3}$/.test(raw))
  );
}

type Context = { readonly kind: NumberKind | null; readonly bank: Bank | null };

/** The nearest word before the number decides. */
function contextBefore(text: string, from: number, country: string | undefined): Context {
  return nearest(lastLine(text.slice(Math.max(0, from - BEFORE), from)), country);
}

/** Where nothing before it does, a word behind it. */
function contextAfter(text: string, to: number, country: string | undefined): Context {
  return nearest(text.slice(to, to + AFTER).split(/[\n\d,;]/, 1)[0] ?? '', country);
}

/** An account before whose number no bank is named may have it behind. */
function withBank(before: Context, after: () => Context): Context {
  if (before.kind === null) return after();
  return before.kind === 'account' && before.bank === null ? { kind: 'account', bank: after().bank } : before;
}

function nearest(text: string, country: string | undefined): Context {
  let best: { end: number; kind: NumberKind | null } = { end: -1, kind: null };
  for (const kind of ['phone', 'account', 'never'] as const) {
    const end = lastEnd(numberWords[kind], text);
    if (end > best.end) best = { end, kind };
  }
  const named = [...text.matchAll(bankWords)].at(-1);
  const bank = named ? bankCalled(named[0], country) : null;
  const namedEnd = named ? named.index + named[0].length : -1;
  if (bank && (namedEnd >= best.end || best.kind === 'account')) return { kind: 'account', bank };
  return { kind: best.kind, bank: null };
}

function lastEnd(words: RegExp, text: string): number {
  const found = [...text.matchAll(words)].at(-1);
  return found ? found.index + found[0].length : -1;
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

type Found = Context & { readonly from: number; readonly to: number; readonly raw: string };

function classify(scan: Scan, found: Found): Candidate | null {
  const { raw, kind } = found;
  const country = scan.options.defaultCountry;
  if (raw.includes('+'))
    return raw.startsWith('+') || raw.startsWith('(+') ? phone(found, country, true) : null;
  if (kind === 'never' || isCard(raw)) return null;
  if (kind === 'account') return account(scan, found, true) ?? account(scan, { ...found, bank: null }, false);
  if (kind === 'phone') return phone(found, country, true);
  if (!/\d{3}/.test(raw)) return null;
  const isPlainNumber = !raw.includes(' ') && /^\d{10,12}$/.test(raw.replace(/\D/g, ''));
  return phone(found, country, false) ?? (isPlainNumber ? account(scan, found, false) : null);
}

function phone({ from, to, raw }: Found, country: string | undefined, sure: boolean): Candidate | null {
  const digits = raw.replace(/\D/g, '').length;
  if (digits < 6 || digits > 17) return null;
  const bare = raw.replace(/^\((?=\+)/, '').replace(/[()]/g, ' ');
  return candidate(
    { from, to },
    canonicalisePhone(raw.includes('(0)') ? raw : bare, country),
    sure ? null : 'needs-confirmation',
  );
}

function account(scan: Scan, { from, to, raw, bank }: Found, sure: boolean): Candidate | null {
  if (/[()+]/.test(raw)) return null;
  const digits = raw.replace(/\D/g, '');
  if (digits.length < 6 || digits.length > 19) return null;
  const options = { ...scan.options, ...(bank ? { bank: bank.bic } : {}) };
  return candidate({ from, to }, canonicaliseAccount(raw, options), sure ? null : 'needs-confirmation');
}

/** 13 to 19 digits that pass the Luhn check are a payment card, which is not kept. */
function isCard(raw: string): boolean {
  const digits = raw.replace(/\D/g, '');
  if (digits.length < 13 || digits.length > 19) return false;
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits.charAt(digits.length - 1 - at));
    const doubled = at % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
