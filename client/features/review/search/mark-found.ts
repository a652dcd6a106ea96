import { refang } from '#shared/interchange/defang.ts';

export type Piece = { readonly text: string; readonly hit: boolean };

type Word = { readonly folded: string; readonly text: string; readonly at: number };
type Wanted = { readonly words: readonly string[]; readonly mayGoOn: boolean };

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
const UNSPACED = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u;
const MARKED = /(?<=[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}])\p{M}+/gu;
/** What stands before what was found, where a line has room for little. */
const BEFORE = 36;

/** The text in pieces, with what the hub found in it: words in any case, with or without accents and brackets. [RV-3] */
export function markFound(text: string, sought: string): readonly Piece[] {
  const words = wordsIn(text);
  const spans = wantedIn(sought)
    .flatMap((wanted) => spansOf(wanted, words))
    .sort((a, b) => a.from - b.from);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to } of spans) {
    if (to <= at) continue;
    const begin = Math.max(from, at);
    if (begin > at) pieces.push({ text: text.slice(at, begin), hit: false });
    pieces.push({ text: text.slice(begin, to), hit: true });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hit: false });
  return pieces;
}

/** The same, beginning shortly before the first thing found. */
export function glanceAt(text: string, sought: string): readonly Piece[] {
  const pieces = markFound(text.replace(/\s+/g, ' '), sought);
  const [first, ...rest] = pieces;
  if (first === undefined || first.hit || rest.length === 0 || first.text.length <= BEFORE + 8) return pieces;
  return [{ text: `…${first.text.slice(-BEFORE).toWellFormed()}`, hit: false }, ...rest];
}

function wantedIn(sought: string): Wanted[] {
  return [...sought.matchAll(/"([^"]*)"?|[^\s"]+/gu)].flatMap(([whole, quoted]) => {
    const words = wordsIn(refang(quoted ?? whole)).map(({ folded }) => folded);
    return words.length === 0 ? [] : [{ words, mayGoOn: quoted === undefined }];
  });
}

function wordsIn(text: string): Word[] {
  return [...text.matchAll(WORD)].map(({ 0: word, index }) => ({
    text: word,
    folded: foldWord(word),
    at: index,
  }));
}

function foldWord(word: string): string {
  const plain = word.toLowerCase().normalize('NFD').replace(MARKED, '').normalize('NFC');
  return plain.replace(/^hxxp/, 'http');
}

type Span = { readonly from: number; readonly to: number };

function spansOf({ words, mayGoOn }: Wanted, text: readonly Word[]): Span[] {
  return text.flatMap((first, place) => {
    const [only = ''] = words;
    if (words.length === 1 && UNSPACED.test(only)) return inside(first, only);
    const run = text.slice(place, place + words.length);
    const fits = words.every((word, nth) => {
      const here = run[nth]?.folded;
      return here === word || (mayGoOn && nth === words.length - 1 && here?.startsWith(word));
    });
    const last = run.at(-1);
    const end = words.at(-1) ?? '';
    return fits && last ? [{ from: first.at, to: last.at + lengthOf(last.text, end) }] : [];
  });
}

/** Scripts without spaces: anywhere in a run of signs. */
function inside({ text, at }: Word, wanted: string): Span[] {
  const found: Span[] = [];
  const plain = text.toLowerCase();
  for (let from = plain.indexOf(wanted); from >= 0; from = plain.indexOf(wanted, from + wanted.length))
    found.push({ from: at + from, to: at + from + wanted.length });
  return found;
}

/** How much of a word as written stands for so much of it folded, accents that follow included. */
function lengthOf(word: string, folded: string): number {
  let length = 0;
  for (const sign of word) {
    if (foldWord(word.slice(0, length)).length >= folded.length && !/\p{M}/u.test(sign)) break;
    length += sign.length;
  }
  return length;
}
