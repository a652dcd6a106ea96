import { accepted, type Canonical } from '../verdict.ts';

/** Text that is none of the other types; where it was a named property (`process:name`), with that name. [IN-19] */
export function canonicaliseOther(raw: string, path?: string): Canonical {
  const value = raw.trim();
  if (path === undefined) return accepted({ type: 'other', value });
  return accepted({ type: 'other', value, namespace: path, meta: { path } });
}
