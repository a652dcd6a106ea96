import { refang } from '#shared/interchange/defang.ts';
import { canonicalise, detectType } from '#shared/interchange/selector.ts';

/** Longer words are found by this many characters of their beginning. */
const LONGEST = 100;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const UNSPACED =
  /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]+/gu;
const MARKED = /(?<=[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}+/gu;
const ASCII = /^[\n\x20-\x7e]*$/;

/**
 * What a text is found by, in order: its words in lower case without accents, addresses without their brackets; of
 * scripts that set no spaces every two neighbouring characters, and the last one alone. [RV-3] [RV-4]
 */
export function wordsOf(text: string): string[] {
  return runsOf(text).flatMap((run) =>
    run.unspaced ? [...pairs(run.text), lastOf(run.text)] : [cut(run.text)],
  );
}

/** Words with their places, as PostgreSQL reads a `tsvector`. `labels` stand at no place. */
export function writeVector(text: string, labels: readonly string[]): string {
  const places = new Map<string, number[]>();
  wordsOf(text).forEach((word, at) => {
    const held = places.get(word);
    if (held === undefined) places.set(word, [at + 1]);
    else if (held.length < 200) held.push(at + 1);
  });
  const words = [...places].map(([word, at]) => `'${word}':${at.join(',')}`);
  return [...labels.map((label) => `'${label}'`), ...words].join(' ');
}

/**
 * What is sought, as PostgreSQL reads a `tsquery`; null when there is no word in it. Parts between spaces must all be
 * there, each in its own order; the last word of a part may go on. Text between double quotes is one part.
 */
export function writeQuery(text: string): string | null {
  const parts = [...text.matchAll(/"([^"]*)"?|[^\s"]+/gu)].flatMap(([whole, quoted]) => {
    const phrase = phraseOf(quoted ?? whole, quoted === undefined);
    return phrase === null ? [] : [phrase];
  });
  if (parts.length === 0) return null;
  const canonical = canonicalPhrase(text);
  const all = parts.join(' & ');
  return canonical === null ? all : `(${all}) | (${canonical})`;
}

/** An indicator in another writing than the stored one: a number with spaces, an account in groups. */
function canonicalPhrase(text: string): string | null {
  const type = detectType(text);
  if (type === null) return null;
  const canonical = canonicalise(type, text);
  return canonical.ok ? phraseOf(canonical.selector.value, false) : null;
}

function phraseOf(text: string, mayGoOn: boolean): string | null {
  const runs = runsOf(text);
  let phrase = '';
  let gap = 1;
  const add = (word: string) => {
    phrase += phrase === '' ? word : ` ${gap === 1 ? '<->' : `<${gap}>`} ${word}`;
    gap = 1;
  };
  for (const [at, run] of runs.entries()) {
    if (!run.unspaced) {
      add(`'${cut(run.text)}'${mayGoOn && at === runs.length - 1 ? ':*' : ''}`);
      continue;
    }
    const two = pairs(run.text);
    if (two.length === 0) add(`'${run.text}':*`);
    for (const pair of two) add(`'${pair}'`);
    // The stored text has one more place for the last character of the run.
    if (two.length > 0) gap = 2;
  }
  return phrase === '' ? null : `(${phrase})`;
}

type Run = { readonly text: string; readonly unspaced: boolean };

function runsOf(text: string): Run[] {
  const plain = plainOf(text);
  return [...plain.matchAll(WORD)].flatMap(([word]) => {
    if (ASCII.test(word)) return [{ text: word, unspaced: false }];
    const runs: Run[] = [];
    let at = 0;
    for (const found of word.matchAll(UNSPACED)) {
      if (found.index > at) runs.push({ text: word.slice(at, found.index), unspaced: false });
      runs.push({ text: found[0], unspaced: true });
      at = found.index + found[0].length;
    }
    if (at < word.length) runs.push({ text: word.slice(at), unspaced: false });
    return runs;
  });
}

function plainOf(text: string): string {
  const plain = refang(text).toLowerCase();
  return ASCII.test(plain) ? plain : plain.normalize('NFD').replace(MARKED, '').normalize('NFC');
}

function pairs(run: string): string[] {
  const points = [...run];
  return points.slice(0, -1).map((point, at) => point + points[at + 1]);
}

function lastOf(run: string): string {
  return [...run].at(-1) ?? '';
}

function cut(word: string): string {
  return word.length > LONGEST ? word.slice(0, LONGEST).toWellFormed() : word;
}
