import * as Y from 'yjs';

import { isId } from '#shared/kernel/ids.ts';

/** Why a record of the document cannot be shown: `not-a-record`, `newer-version`, or `bad-` and the field's name. */
export type Damage = 'not-a-record' | 'newer-version' | `bad-${string}`;

/** What stands where a record should be. It stays in the document untouched; a person may delete it. */
export type Damaged = { readonly state: 'damaged'; readonly id: string; readonly reason: Damage };

/** What a reader makes of an unknown value: its own type, or `undefined` when the value is not that. */
export type Check<T> = (value: unknown) => T | undefined;
type Shape = Readonly<Record<string, Check<unknown>>>;
type Shaped<S extends Shape> = { [Field in keyof S]: Exclude<ReturnType<S[Field]>, undefined> };

/** The fields of one record as they lie in the document, whoever wrote them. */
export type Fields = Readonly<Record<string, unknown>>;
/** Turns the fields of one version into those of the next. Pure, and total over what its version's reader accepts. */
export type Migration = (fields: Fields) => Fields;

export type ShapeReading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: Damage };

/**
 * Reads one record: field `v` says its version (absent = 1), `migrations[n]` lifts version n + 1 to n + 2.
 * Unknown fields are ignored, so that a newer client may add some. Never throws.
 */
export function readRecord<S extends Shape>(
  value: unknown,
  shape: S,
  migrations: readonly Migration[],
): ShapeReading<Shaped<S>> {
  if (!(value instanceof Y.Map)) return { ok: false, reason: 'not-a-record' };
  let fields: Fields = Object.fromEntries(value.entries());
  const version = fields.v ?? 1;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) {
    return { ok: false, reason: 'bad-v' };
  }
  if (version > migrations.length + 1) return { ok: false, reason: 'newer-version' };
  for (const migrate of migrations.slice(version - 1)) fields = migrate(fields);
  const read: Record<string, unknown> = {};
  for (const [field, check] of Object.entries(shape)) {
    const found = check(fields[field]);
    if (found === undefined) return { ok: false, reason: `bad-${field}` };
    read[field] = found;
  }
  return { ok: true, value: read as Shaped<S> };
}

export function oneOf<const T extends string>(allowed: readonly T[]): Check<T> {
  return (value) => allowed.find((one) => one === value);
}

/** A finite number from `least` to `most`, both included. */
export function within(least: number, most: number): Check<number> {
  return (value) => (typeof value === 'number' && value >= least && value <= most ? value : undefined);
}

export function textUpTo(length: number): Check<string> {
  return (value) => (typeof value === 'string' && value.length <= length ? value : undefined);
}

export function anId(value: unknown): string | undefined {
  return isId(value) ? value : undefined;
}

/** Absent counts as `null`. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value) => (value === undefined || value === null ? null : check(value));
}

/** Co-edited prose without formatting or embeds; its present words. */
export function prose(length: number): Check<string> {
  return (value) => {
    if (!(value instanceof Y.Text)) return undefined;
    const words = value.toString();
    return words.length === value.length && words.length <= length ? words : undefined;
  };
}
