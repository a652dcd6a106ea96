import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

/** The records people see: what a change can be about. */
export type RecordKind = 'card' | 'link' | 'frame';
/** A record as plain JSON. */
export type Fields = { readonly [field: string]: Json | undefined };

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

/**
 * How one record differs, in the order in which people would tell it. `null` stands for "was not" and "is not"; what is
 * no record at all is told as it lies there.
 */
export function changesOf(record: RecordKind, id: string, before: Json | null, after: Json | null): Change[] {
  if (before === null && after === null) return [];
  const about = { record, id, name: nameOf(after ?? before) };
  if (before === null) return [{ ...about, what: 'added', field: null, before, after }];
  if (after === null) return [{ ...about, what: 'deleted', field: null, before, after }];
  const was = fieldsOf(before);
  const is = fieldsOf(after);
  if (was === null || is === null)
    return differs(before, after) ? [{ ...about, what: 'edited', field: null, before, after }] : [];
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
 * One change as a sentence without its subject: `moved card “Wallet” into frame “Seizures”`. `titleOf` turns the id of
 * a card or a frame into its name at that moment, or into nothing.
 */
export function sayChange(change: Change, titleOf: (id: string) => string): string {
  const thing = called(change.record, change.name);
  switch (change.what) {
    case 'added':
      return (
        linkEnds(change.after, titleOf, (ends) => `linked ${ends}${change.name && ` as “${change.name}”`}`) ??
        `added ${thing}`
      );
    case 'deleted':
      return (
        linkEnds(change.before, titleOf, (ends) => `deleted the link from ${ends}`) ?? `deleted ${thing}`
      );
    case 'moved':
      return `moved ${thing}`;
    case 'framed':
      return typeof change.after === 'string'
        ? `moved ${thing} into ${called('frame', titleOf(change.after))}`
        : `took ${thing} out of its frame`;
    case 'edited':
      if (change.field === null) return `changed ${thing} as a whole`;
      return `changed the ${change.field} of ${thing} from ${quoted(change.before)} to ${quoted(change.after)}`;
  }
}

/** What people call a record: a card's title or first words, a link's label, a frame's name; nothing without them. */
export function nameOf(record: Json): string {
  const fields = fieldsOf(record) ?? {};
  for (const field of ['title', 'label', 'text']) {
    const value = fields[field];
    if (typeof value === 'string' && value !== '') return value.slice(0, LONGEST).toWellFormed();
  }
  return '';
}

/** `null` for what is no link. */
function linkEnds(
  record: Json,
  titleOf: (id: string) => string,
  say: (ends: string) => string,
): string | null {
  const { from, to } = fieldsOf(record) ?? {};
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  const end = (id: string) => (titleOf(id) === '' ? 'a card' : `“${titleOf(id)}”`);
  return say(`${end(from)} to ${end(to)}`);
}

function called(record: RecordKind, name: string): string {
  return name === '' ? `a ${record}` : `${record} “${name}”`;
}

const LONGEST = 80;

function quoted(value: Json): string {
  if (value === null || value === '') return 'nothing';
  const text = typeof value === 'string' ? value : canonicalJson(value);
  return `“${text.length > LONGEST ? `${text.slice(0, LONGEST).toWellFormed()}…` : text}”`;
}

function placeOf(fields: Fields): Json {
  return Object.fromEntries(
    [...places].flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]]])),
  );
}

/** `null` for what is no record. */
export function fieldsOf(value: Json | undefined): Fields | null {
  return isFields(value) ? value : null;
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function differs(a: Json | undefined, b: Json | undefined): boolean {
  return canonicalJson(a ?? null) !== canonicalJson(b ?? null);
}
