import type { Json } from '#shared/kernel/canonical-json.ts';

import { list, record } from './read-json.ts';

/** Members of a content that hold words of people. What a new kind of entry calls by one of these names is found too. */
const told: ReadonlySet<string> = new Set([
  'text',
  'title',
  'label',
  'name',
  'purpose',
  'reason',
  'note',
  'value',
  'raw',
  'caveat',
  'fileName',
  'source',
  'authority',
  'statement',
  'outcome',
  'rule',
  'code',
]);
/** People are found by who acted, not by the words of what they did. */
const people: ReadonlySet<string> = new Set(['author', 'by', 'addedBy', 'createdBy', 'handling']);
/** One piece of text is at most this long, so that its words have places PostgreSQL can hold. */
const PIECE = 6_000;

/** The texts of an entry's content, each to be found by itself: the rows of an import one by one. [RV-2] */
export function textsOf(body: Json): string[] {
  const { indicators, ...rest } = record(body);
  const rows = list(indicators);
  return [rest as Json, ...rows].flatMap((one) => {
    const words: string[] = [];
    collect(one, null, words);
    return piecesOf(words.join('\n'));
  });
}

function collect(value: Json | undefined, name: string | null, words: string[]): void {
  if (typeof value === 'string') {
    if (name !== null && told.has(name) && value !== '' && !words.includes(value)) words.push(value);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const members: readonly (readonly [string | null, Json | undefined])[] = Array.isArray(value)
    ? list(value).map((one) => [name, one])
    : Object.entries(record(value));
  for (const [key, member] of members) {
    if (key === 'handling') collect(record(member ?? null).caveat, 'caveat', words);
    else if (key === null || !people.has(key)) collect(member, key, words);
  }
}

export function piecesOf(text: string): string[] {
  if (text === '') return [];
  const pieces: string[] = [];
  // Pieces overlap, so that what stands on a border is whole in one of them.
  for (let at = 0; at === 0 || at + 200 < text.length; at += PIECE - 200)
    pieces.push(text.slice(at, at + PIECE).toWellFormed());
  return pieces;
}
