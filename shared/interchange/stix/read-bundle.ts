import type { CanonicaliseOptions } from '../verdict.ts';
import { BundleReader, type StixRow } from './bundle-reader.ts';
import { isObject, type JsonObject, type StixProblem, text } from './objects.ts';

export type { StixRow } from './bundle-reader.ts';
export type { StixProblem } from './objects.ts';

export type StixResult = {
  readonly rows: readonly StixRow[];
  readonly problems: readonly StixProblem[];
  /** Objects that are sound but hold no indicator: relationships, reports, malware … The caller keeps the file. */
  readonly kept: number;
};

const MOST_OBJECTS = 50_000;

/**
 * Reads STIX 2.1 and 2.0: a bundle, a TAXII envelope, a list of objects, or one object. Every object is read, reported
 * or counted; one bad object never stops the rest. [IN-40]
 */
export function readBundle(json: unknown, defaults: CanonicaliseOptions = {}): StixResult {
  const found = findObjects(json);
  if (!found) {
    const message = 'This is neither a STIX bundle nor a STIX object.';
    return { rows: [], problems: [{ path: '', objectId: null, code: 'invalid', message }], kept: 0 };
  }
  const reader = new BundleReader(defaults);
  const { objects, prefix } = found;
  for (const [at, object] of objects.slice(0, MOST_OBJECTS).entries())
    reader.add(object, prefix === null ? '' : `${prefix}[${at}]`);
  const { rows, problems, kept } = reader.finish();
  if (objects.length <= MOST_OBJECTS) return { rows, problems, kept };
  const message = `Only the first ${MOST_OBJECTS} of ${objects.length} objects were read.`;
  const beyond = { path: `${prefix}[${MOST_OBJECTS}]`, objectId: null, code: 'too-large', message } as const;
  return { rows, problems: [...problems, { ...beyond, hint: 'Split the bundle.' }], kept };
}

/** The same for text; what is not JSON is reported with the place where it breaks. [IN-40] */
export function readBundleText(json: string, defaults: CanonicaliseOptions = {}): StixResult {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const message = `The file is not JSON: ${error.message.slice(0, 200)}`;
    return { rows: [], problems: [{ path: '', objectId: null, code: 'not-json', message }], kept: 0 };
  }
  return readBundle(parsed, defaults);
}

/** `prefix` is `null` for a single object, whose properties are paths by themselves. */
function findObjects(json: unknown): { objects: readonly unknown[]; prefix: string | null } | null {
  if (Array.isArray(json)) return { objects: json, prefix: '' };
  if (!isObject(json)) return null;
  if (Array.isArray(json.objects)) return { objects: json.objects, prefix: 'objects' };
  if (isBundle(json)) return { objects: [], prefix: 'objects' };
  return text(json, 'type') === null ? null : { objects: [json], prefix: null };
}

function isBundle(json: JsonObject): boolean {
  return text(json, 'type') === 'bundle' && json.objects === undefined;
}
