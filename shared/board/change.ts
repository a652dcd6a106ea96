import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

/** The records people see: what a change can be about. */
export type RecordKind = 'card' | 'link' | 'frame';
type Fields = { readonly [field: string]: Json | undefined };

/** What one act did to one record. `name` is what people call it: a card's title, a link's label, a frame's name. */
export type Change = {
  readonly what: 'added' | 'deleted' | 'moved' | 'framed' | 'edited';
  readonly record: RecordKind;
  readonly id: string;
  readonly name: string;
  /** The field of an `edited` change. */
  readonly field: string | null;
  readonly before: Json;
  readonly after: Json;
};

/** Fields that say where a record lies; a change of several of them is one move. */
const places: ReadonlySet<string> = new Set(['x', 'y', 'w', 'h', 'z']);
/** Bookkeeping that no person means. */
const silent: ReadonlySet<string> = new Set(['v', 'createdBy']);

/** How one record differs, in the order in which people would tell it. `null` stands for "was not" and "is not". */
export function changesOf(record: RecordKind, id: string, before: Json | null, after: Json | null): Change[] {
  const was = fieldsOf(before);
  const is = fieldsOf(after);
  const about = { record, id, name: nameOf(is ?? was ?? {}) };
  if (was === null && is === null) return [];
  if (was === null) return [{ ...about, what: 'added', field: null, before: null, after }];
  if (is === null) return [{ ...about, what: 'deleted', field: null, before, after: null }];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((field) =>
    differs(was[field], is[field]),
  );
  const changes: Change[] = fields
    .filter((field) => !places.has(field) && !silent.has(field))
    .map((field) => ({
      ...about,
      what: field === 'frame' ? ('framed' as const) : ('edited' as const),
      field,
      before: was[field] ?? null,
      after: is[field] ?? null,
    }));
  if (!fields.some((field) => places.has(field))) return changes;
  return [...changes, { ...about, what: 'moved', field: null, before: placeOf(was), after: placeOf(is) }];
}

/**
 * One change as a sentence without its subject: `moved card “Wallet” into frame “Seizures”`. `frameName` turns a
 * frame's id into its name at that moment.
 */
export function sayChange(change: Change, frameName: (id: string) => string): string {
  const thing = `${change.record}${change.name === '' ? '' : ` “${change.name}”`}`;
  switch (change.what) {
    case 'added':
      return `added ${thing}`;
    case 'deleted':
      return `deleted ${thing}`;
    case 'moved':
      return `moved ${thing}`;
    case 'framed':
      return typeof change.after === 'string'
        ? `moved ${thing} into frame “${frameName(change.after)}”`
        : `took ${thing} out of its frame`;
    case 'edited':
      return `changed the ${change.field} of ${thing} from ${quoted(change.before)} to ${quoted(change.after)}`;
  }
}

const LONGEST = 80;

function quoted(value: Json): string {
  if (value === null || value === '') return 'nothing';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return `“${text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text}”`;
}

function nameOf(fields: Fields): string {
  for (const field of ['title', 'label', 'text']) {
    const value = fields[field];
    if (typeof value === 'string' && value !== '') return value.slice(0, LONGEST).toWellFormed();
  }
  return '';
}

function placeOf(fields: Fields): Json {
  return Object.fromEntries(
    [...places].flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]]])),
  );
}

function fieldsOf(value: Json | null): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function differs(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalJson(a ?? null) !== canonicalJson(b ?? null);
}
