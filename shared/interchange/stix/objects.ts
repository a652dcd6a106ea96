import type { ProblemCode } from '../verdict.ts';

/** What is wrong with an object, and where. The object is left out unless the code is a remark (see `readBundle`). */
export type StixProblem = {
  readonly path: string;
  readonly objectId: string | null;
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint?: string;
};

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The property when it is a string, else `null`. Own properties only. */
export function text(object: JsonObject, key: string): string | null {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return typeof value === 'string' ? value : null;
}

export function strings(object: JsonObject, key: string): string[] {
  const value = Object.hasOwn(object, key) ? object[key] : undefined;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function has(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key) && object[key] !== undefined && object[key] !== null;
}

/** True when arrays and objects nest deeper than `most`. Looks no deeper than that. */
export function isDeeperThan(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (most === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, most - 1));
}
