import { base64, fromBase64, hex } from '#shared/kernel/encoding.ts';

import { HASH_LENGTH } from '../hash.ts';

/** The one declaration there is (RFC 8493 section 2.1.1). */
export const BAGIT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

export type Info = readonly (readonly [label: string, value: string])[];

/** One element a line; what would break a line becomes a space. */
export function formatInfo(info: Info): string {
  return info.map(([label, value]) => `${label}: ${value.replaceAll(/\p{Cc}+/gu, ' ').trim()}\n`).join('');
}

export type Listed = { readonly path: string; readonly sha256: Uint8Array };

/** `sha256sum -c` reads it: hash, two spaces, path, in the order of the zip. */
export function formatManifest(files: readonly Listed[]): string {
  return files.map(({ path, sha256 }) => `${hex(sha256)}  ${path}\n`).join('');
}

const SEAL = 'muster-pack/1';

/** What the log signs: the tag manifest, and through it every byte of every file. [RC-73] */
export function packSealText(origin: string, tagManifest: Uint8Array): string {
  return `${SEAL}\n${origin}\n${base64(tagManifest)}\n`;
}

/** Whether this is the seal of some pack of that record, and nothing else a key could be asked to sign. */
export function isPackSealText(origin: string, text: string): boolean {
  const sum = fromBase64(text.split('\n')[2] ?? '');
  return sum?.length === HASH_LENGTH && text === packSealText(origin, sum);
}
