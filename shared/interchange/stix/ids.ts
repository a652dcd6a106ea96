import { sha1 } from '@noble/hashes/legacy.js';

import { canonicalBytes, type Json } from '#shared/kernel/canonical-json.ts';
import { concatBytes, fromHex, hex, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';

/** Namespace of the standard for observables (STIX 2.1 section 2.9). It forbids it for anything else. */
const OBSERVABLES = '00abedb4-aa42-466c-9c01-fed23315a9b7';
/** Ours, for indicators, identities and bundles: the same thing has the same id in every export. */
const OURS = '55b3f6db-f9a2-439e-a658-208b76bc2227';

/** RFC 9562 section 5.5. */
export function uuidV5(namespace: string, name: Uint8Array): string {
  const space = fromHex(namespace.replaceAll('-', ''));
  invariant(space?.length === 16, 'a namespace is a UUID');
  const bytes = sha1(concatBytes(space, name)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = hex(bytes);
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join(
    '-',
  );
}

/** Deterministic id of an observable from its id contributing properties (STIX 2.1 section 2.9). [IN-46] */
export function observableId(type: string, contributing: Json): string {
  return `${type}--${uuidV5(OBSERVABLES, canonicalBytes(contributing))}`;
}

/** Deterministic id of anything else we write. [IN-46] */
export function ourId(type: string, ...names: readonly string[]): string {
  return `${type}--${uuidV5(OURS, utf8([type, ...names].join('\n')))}`;
}
