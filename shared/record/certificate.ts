import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import { isId } from '#shared/kernel/ids.ts';

import { isOrigin } from './entry-fields.ts';
import { HASH_LENGTH } from './hash.ts';

export const CERTIFICATE = 'muster-certificate/1';

export type Decider = {
  readonly officer: string;
  readonly name: string;
  readonly desk: string;
  readonly country: string;
  /** RFC 3339, UTC. */
  readonly at: string;
};

export type Counts = { readonly [what: string]: number };

/** What the hub states, under the key of the record, about a purge. [LC-22] */
export type Certificate = {
  readonly origin: string;
  readonly operation: { readonly id: string; readonly name: string };
  /** Size and root (base64) of the record at the checkpoint that covers the purge. */
  readonly record: { readonly size: number; readonly root: string };
  /** Contents of all places below are gone. The decision stands at this place, the end of the purge at `done`. */
  readonly below: number;
  readonly done: number;
  /** Contents by kind of entry, and rows by table. */
  readonly destroyed: { readonly contents: Counts; readonly rows: Counts };
  readonly asked: Decider;
  readonly confirmed: Decider;
  readonly reason: string;
  readonly doneAt: string;
};

/** Its second line is no size, so it reads as no checkpoint; its first line is no export's. */
export function certificateText({ origin, ...rest }: Certificate): string {
  return `${CERTIFICATE}\n${origin}\n${canonicalJson(rest as unknown as Json)}\n`;
}

/** Accepts only what `certificateText` writes; null for anything else. */
export function parseCertificate(text: string): Certificate | null {
  const [format, origin = '', body = '', end, ...more] = text.split('\n');
  if (format !== CERTIFICATE || end !== '' || more.length > 0 || !isOrigin(origin)) return null;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return null;
  }
  if (!hasShape(value)) return null;
  const certificate = { ...value, origin };
  return certificateText(certificate) === text ? certificate : null;
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';
const isTime: Check = (value) => isText(value) && !Number.isNaN(Date.parse(String(value)));
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isRoot: Check = (value) => isText(value) && fromBase64(String(value))?.length === HASH_LENGTH;
const areCounts: Check = (value) => isObject(value) && Object.values(value).every(isCount);
const isDecider = members({ officer: isId, name: isText, desk: isText, country: isText, at: isTime });

const isCertificate = members({
  operation: members({ id: isId, name: isText }),
  record: members({ size: isCount, root: isRoot }),
  below: isCount,
  done: isCount,
  destroyed: members({ contents: areCounts, rows: areCounts }),
  asked: isDecider,
  confirmed: isDecider,
  reason: isText,
  doneAt: isTime,
});

function hasShape(value: unknown): value is Omit<Certificate, 'origin'> {
  return isCertificate(value);
}

/** Exactly these members, each as its check says. */
function members(checks: Readonly<Record<string, Check>>): Check {
  return (value) =>
    isObject(value) &&
    Object.keys(value).sort().join() === Object.keys(checks).sort().join() &&
    Object.entries(checks).every(([name, check]) => check(value[name]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
