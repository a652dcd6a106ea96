import type { ProblemCode } from '../verdict.ts';
import { has, isDeeperThan, isObject, type JsonObject, text } from './objects.ts';

export type Flaw = {
  readonly at: string;
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
};

const DEEPEST = 32;
const LONGEST_TEXT = 1_048_576;
const TYPE = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*-?$/;
const ID = /^([a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const TIMES = [
  'created',
  'modified',
  'valid_from',
  'valid_until',
  'first_seen',
  'last_seen',
  'first_observed',
  'last_observed',
];
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;

/** Milliseconds, finer digits cut off; `null` when it is not a STIX timestamp (RFC 3339 in UTC, with Z). */
export function readTime(stamp: string | null): number | null {
  if (stamp === null || !TIME.test(stamp)) return null;
  const at = Date.parse(stamp.replace(/(\.\d{3})\d+Z$/, '$1Z'));
  return Number.isNaN(at) ? null : at;
}

/** The first thing that makes an object unusable, or `null`. Objects of STIX 2.0 have no `spec_version`. [IN-40] */
export function findFlaw(object: JsonObject): Flaw | null {
  return (
    flawOfShape(object) ??
    flawOfIdentity(object) ??
    flawOfTimes(object) ??
    flawOfFields(object) ??
    flawOfIndicator(object)
  );
}

function flawOfShape(object: JsonObject): Flaw | null {
  if (isDeeperThan(object, DEEPEST)) return flaw('', 'too-large', `Nested deeper than ${DEEPEST} levels.`);
  for (const [key, value] of Object.entries(object)) {
    if (typeof value === 'string' && value.length > LONGEST_TEXT)
      return flaw(key, 'too-large', 'A text longer than 1 MB.');
  }
  return null;
}

function flawOfIdentity(object: JsonObject): Flaw | null {
  const type = text(object, 'type');
  if (type === null) return missing('type');
  if (type.length > 250 || !TYPE.test(type))
    return flaw('type', 'unknown-type', 'This is not the name of an object type.');
  const version = text(object, 'spec_version');
  if (has(object, 'spec_version') && version !== '2.0' && version !== '2.1') {
    return flaw('spec_version', 'unsupported-spec-version', 'Only STIX 2.0 and 2.1 are read.');
  }
  const id = text(object, 'id');
  if (id === null) return missing('id');
  if (ID.exec(id)?.[1] !== type) return flaw('id', 'bad-id', `An id here is ${type}-- and a UUID.`);
  return null;
}

function flawOfTimes(object: JsonObject): Flaw | null {
  for (const key of TIMES) {
    if (has(object, key) && readTime(text(object, key)) === null) {
      return flaw(key, 'bad-timestamp', 'A time is written like 2024-05-01T00:00:00Z, with the Z.');
    }
  }
  const [created, modified] = [readTime(text(object, 'created')), readTime(text(object, 'modified'))];
  if (created !== null && modified !== null && modified < created) {
    return flaw('modified', 'modified-before-created', 'Modified before it was created.');
  }
  return null;
}

function flawOfFields(object: JsonObject): Flaw | null {
  if (has(object, 'confidence')) {
    const { confidence } = object;
    const fits =
      typeof confidence === 'number' && Number.isInteger(confidence) && confidence >= 0 && confidence <= 100;
    if (!fits)
      return flaw('confidence', 'out-of-range:confidence', 'Confidence is a whole number from 0 to 100.');
  }
  for (const key of ['object_marking_refs', 'granular_markings']) {
    if (has(object, key) && !Array.isArray(object[key])) return flaw(key, 'invalid', 'This must be a list.');
  }
  const granular = object.granular_markings;
  if (Array.isArray(granular) && !granular.every(isObject))
    return flaw('granular_markings', 'invalid', 'This must be a list of objects.');
  return null;
}

function flawOfIndicator(object: JsonObject): Flaw | null {
  if (object.type !== 'indicator') return null;
  const required = ['created', 'modified', 'pattern', 'valid_from'];
  if (text(object, 'spec_version') === '2.1') required.push('pattern_type');
  for (const key of required) if (text(object, key) === null) return missing(key);
  const [from, until] = [readTime(text(object, 'valid_from')), readTime(text(object, 'valid_until'))];
  if (from !== null && until !== null && until <= from) {
    return flaw('valid_until', 'valid-until', 'Valid until a time that is not after valid from.');
  }
  return null;
}

function missing(key: string): Flaw {
  return flaw(key, `missing-property:${key}`, `The object has no ${key}.`);
}

function flaw(at: string, code: ProblemCode, message: string): Flaw {
  return { at, code, message };
}
