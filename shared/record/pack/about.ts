import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { fromUtf8, hex, utf8 } from '#shared/kernel/encoding.ts';

import { isOrigin } from '../entry-fields.ts';
import type { Sha256 } from '../hash.ts';
import { formatInfo, type Info } from './tags.ts';

export const PACK_FORMAT = 'muster-pack/1';

/** For whom the pack was made: what it shows is what they may see, and never more than the exporter may. */
export type PackRecipient = {
  readonly kind: 'officer' | 'desk' | 'outside';
  readonly name: string;
  /** Officer or desk; null for somebody outside. */
  readonly id: string | null;
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
};

/** Which part of the record: all of it, the entries from `from` to before `to`, or those about some objects. */
export type PackScope =
  | { readonly kind: 'operation' }
  | {
      readonly kind: 'time';
      readonly since: string;
      readonly until: string;
      readonly from: number;
      readonly to: number;
    }
  | { readonly kind: 'objects'; readonly objects: readonly { readonly kind: string; readonly id: string }[] };

/** `data/pack.json`: what the pack is, in one canonical line. */
export type PackAbout = {
  readonly format: typeof PACK_FORMAT;
  readonly id: string;
  readonly origin: string;
  /** The log's key as the hub states it; a reader compares it with the one he holds. */
  readonly key: string;
  readonly size: number;
  readonly root: string;
  readonly signedAt: string;
  readonly operation: string;
  readonly recipient: PackRecipient;
  readonly scope: PackScope;
  readonly shown: number;
  readonly withheld: number;
  readonly purged: number;
  readonly software: string;
};

/** The same operation, selection, rights and checkpoint have the same id. */
export function packId(given: { readonly [member: string]: Json }, hash: Sha256): string {
  return hex(hash(utf8(canonicalJson({ ...given, format: PACK_FORMAT }))).subarray(0, 16));
}

export function formatAbout(about: PackAbout): Uint8Array<ArrayBuffer> {
  return utf8(canonicalJson(about as unknown as { [member: string]: Json }));
}

/** null for what `formatAbout` does not write, as far as a check of the pack rests on it. */
export function parseAbout(bytes: Uint8Array): PackAbout | null {
  let value: PackAbout;
  try {
    const text = fromUtf8(bytes);
    value = JSON.parse(text) as PackAbout;
    if (bytes[0] !== 0x7b || canonicalJson(value as unknown as { [member: string]: Json }) !== text)
      return null;
  } catch {
    return null;
  }
  const { format, id, origin, key, size, root, recipient, scope, shown, withheld, purged } = value;
  const texts = [value.signedAt, value.operation, value.software, key, root, recipient?.name];
  const sound =
    format === PACK_FORMAT &&
    /^[0-9a-f]{32}$/.test(id) &&
    isOrigin(origin) &&
    [size, shown, withheld, purged].every(isCount) &&
    texts.every((text) => typeof text === 'string') &&
    isScope(scope, size);
  return sound ? value : null;
}

/** `bag-info.txt` follows from pack.json and the length of what is in the bag. */
export function infoOf(about: PackAbout, bag: { readonly bytes: number; readonly files: number }): string {
  const info: Info = [
    ['Bag-Software-Agent', about.software],
    ['Bagging-Date', about.signedAt.slice(0, 10)],
    ['Bag-Group-Identifier', about.origin],
    ['External-Identifier', about.id],
    ['External-Description', `${about.operation}: evidence pack for ${about.recipient.name}`],
    ['Payload-Oxum', `${bag.bytes}.${bag.files}`],
    ['Muster-Format', about.format],
    ['Muster-Checkpoint-Size', String(about.size)],
  ];
  return formatInfo(info);
}

function isScope(scope: PackScope, size: number): boolean {
  if (scope?.kind === 'operation') return true;
  if (scope?.kind === 'objects') return Array.isArray(scope.objects);
  return (
    scope?.kind === 'time' &&
    isCount(scope.from) &&
    isCount(scope.to) &&
    scope.from <= scope.to &&
    scope.to <= size
  );
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
