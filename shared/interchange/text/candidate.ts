import type { Selector } from '../selector-types.ts';
import type { Canonical, CanonicaliseOptions, Note } from '../verdict.ts';
import type { PlainText } from './plain-text.ts';

/** Something recognised; positions are those of the plain text. */
export type Candidate = {
  readonly from: number;
  readonly to: number;
  readonly selector: Selector;
  readonly ticked: boolean;
  readonly notes: readonly Note[];
};

/** What a recogniser works with. */
export type Scan = {
  readonly plain: PlainText;
  readonly options: CanonicaliseOptions;
  /** Told how many characters are about to be looked at. */
  readonly meter: (characters: number) => void;
};

/** Reads a text from left to right, each character a bounded number of times. */
export type Recogniser = (scan: Scan) => Iterable<Candidate>;

/** `null` for a refused value. An unticked candidate says why it is only offered. */
export function candidate(
  span: { readonly from: number; readonly to: number },
  result: Canonical,
  doubt: Note | null = null,
): Candidate | null {
  if (!result.ok) return null;
  const notes = doubt === null ? result.notes : [...result.notes, doubt];
  const ticked = doubt === null && !notes.includes('known-benign');
  return { ...span, selector: result.selector, ticked, notes };
}

/** In a text that defangs its indicators, a live address is perhaps only a reference. */
export function doubtOf({ plain }: Scan, from: number, to: number): Note | null {
  return plain.defangs && !plain.isDefanged(from, to) ? 'not-defanged' : null;
}

export function withPort(found: Candidate | null, port: string | undefined): Candidate | null {
  if (!found || port === undefined || port === '') return found;
  return { ...found, selector: { ...found.selector, meta: { ...found.selector.meta, port } } };
}

/** Scripts written without spaces: a change to or from them inside a word is the end of the word. */
export const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
