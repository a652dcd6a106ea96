import { utf8 } from './encoding.ts';

/** What JSON can say. `undefined` members are left out, as `JSON.stringify` does. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/**
 * JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units, no white space, numbers as
 * ECMAScript writes them. Throws `TypeError` on NaN, infinities and lone surrogates, which have no JSON form.
 */
export function canonicalJson(value: Json): string {
  return standsInOrder(value) ? JSON.stringify(value) : putInOrder(value);
}

/** Whether `JSON.stringify` writes the canonical form as it is; most of what is hashed was made, or read, in that order. */
function standsInOrder(value: Json | undefined): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (value === null || typeof value === 'boolean') return true;
  if (value === undefined) return false;
  if (isList(value)) return value.every(standsInOrder);
  let last: string | null = null;
  for (const key of Object.keys(value)) {
    const member = value[key];
    const follows = last === null || last < key;
    if (!follows || !key.isWellFormed() || (member !== undefined && !standsInOrder(member))) return false;
    last = key;
  }
  return true;
}

function putInOrder(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('a number without a JSON form');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('a string with a lone surrogate');
    return JSON.stringify(value);
  }
  if (isList(value)) return `[${value.map(putInOrder).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${putInOrder(key)}:${putInOrder(member)}`);
  }
  return `{${members.join(',')}}`;
}

export function canonicalBytes(value: Json): Uint8Array<ArrayBuffer> {
  return utf8(canonicalJson(value));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
