import { isoTime } from '#shared/kernel/clock.ts';
import { isId } from '#shared/kernel/ids.ts';
import { type LedVerb, ledVerbs } from '#shared/policy/verbs.ts';

/** The members of an entry as stored. docs/protocol/record.md says what each means. */
export type EntryFields = {
  readonly v: 1;
  readonly log: string;
  readonly i: number;
  readonly t: string;
  readonly e: string;
  readonly verb: LedVerb;
  readonly by:
    | {
        readonly u: string;
        readonly c: string | null;
        readonly k: 'officer' | 'partner' | 'auditor' | 'admin';
        readonly s: string | null;
      }
    | { readonly u: null; readonly c: null; readonly k: 'hub' | 'anonymous'; readonly s: null };
  readonly op: string | null;
  readonly ob: { readonly k: string; readonly id: string } | null;
  readonly out: 'ok' | 'refused';
  readonly cp: string | null;
  readonly cmd: string | null;
  readonly pc: string;
  readonly pl: number;
  readonly sig?: string;
};

export type EntryFault =
  | 'entry-too-long'
  | 'entry-not-utf8'
  | 'entry-not-json'
  | 'entry-not-canonical'
  | 'entry-unknown-version'
  | `entry-field-${string}`;

type Check = (value: unknown) => boolean;

const PEOPLE = /^(?:officer|partner|auditor|admin)$/;

/** ASCII without space and plus (C2SP signed-note), so that it can name a key and a folder. */
export function isOrigin(value: unknown): value is string {
  return matches(value, /^[!-*,-~]{1,200}$/);
}

const idOrNull: Check = (value) => value === null || isId(value);

const members: Readonly<Record<keyof EntryFields, Check>> = {
  v: (value) => value === 1,
  log: isOrigin,
  i: isCount,
  t: isTime,
  e: (value) => matches(value, /^[a-z][a-z0-9-]{0,31}(?:\.[a-z][a-z0-9-]{0,31}){1,3}$/),
  verb: (value) => ledVerbs.some((verb) => verb === value),
  by: isAuthor,
  op: idOrNull,
  ob: isObject,
  out: (value) => value === 'ok' || value === 'refused',
  cp: idOrNull,
  cmd: idOrNull,
  pc: (value) => matches(value, /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/),
  pl: isCount,
  sig: (value) =>
    value === undefined || matches(value, /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
};
const names = Object.entries(members);

/** Names the first member that is wrong, missing or unknown; null when all are well formed. */
export function entryFault(value: unknown): EntryFault | null {
  if (!isRecord(value)) return 'entry-not-json';
  if (value.v !== 1) return 'entry-unknown-version';
  for (const [name, check] of names) if (!check(value[name])) return `entry-field-${name}`;
  for (const name of Object.keys(value)) if (!Object.hasOwn(members, name)) return 'entry-field-unknown';
  return null;
}

function isAuthor(value: unknown): boolean {
  if (!isRecord(value) || Object.keys(value).length !== 4) return false;
  const { u, c, k, s } = value;
  if (k === 'hub' || k === 'anonymous') return u === null && c === null && s === null;
  return (
    matches(k, PEOPLE) &&
    isId(u) &&
    (c === null || matches(c, /^[A-Z]{2,3}$/)) &&
    (s === null || matches(s, /^[A-Za-z0-9+/]{16}$/))
  );
}

function isObject(value: unknown): boolean {
  if (value === null) return true;
  if (!isRecord(value) || Object.keys(value).length !== 2) return false;
  return matches(value.k, /^[a-z][a-z0-9-]{0,31}$/) && matches(value.id, /^[A-Za-z0-9._:+/=-]{1,128}$/);
}

let lastTime: string | null = null;

/** Entries come in runs of one time: what has just been found good is not looked at again. */
function isTime(value: unknown): boolean {
  if (value === lastTime) return true;
  if (!matches(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)) return false;
  const at = Date.parse(value);
  if (!Number.isFinite(at) || isoTime(at) !== value) return false;
  lastTime = value;
  return true;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0 && !Object.is(value, -0);
}

function matches(value: unknown, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
