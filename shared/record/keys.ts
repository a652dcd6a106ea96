import { ed25519 } from '@noble/curves/ed25519.js';

import { base64, concatBytes, equalBytes, fromBase64, fromHex, hex, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { sha256 } from './hash.ts';

/** How a key signs (C2SP signed-note): 0x01 Ed25519 over the text, 0x04 Ed25519 over `cosignature/v1`, its time and the text. */
export const signatureTypes = { log: 0x01, cosigner: 0x04 } as const;
export type SignatureType = (typeof signatureTypes)[keyof typeof signatureTypes];

/** A public key that signs notes under one name. `id` is the first 4 bytes of SHA-256(name "\n" type public-key). */
export type NoteKey = {
  readonly name: string;
  readonly type: SignatureType;
  readonly publicKey: Uint8Array;
  readonly id: Uint8Array;
};

/** Holds a private key and never gives it away. One key serves one name and one role. */
export interface Signer {
  readonly name: string;
  readonly publicKey: Uint8Array;
  /** Ed25519 (RFC 8032), 64 bytes. */
  sign(message: Uint8Array): Uint8Array;
}

const KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;
const NAME = /^[^\s+\p{C}]+$/u;

/** `seed` is the 32-byte private key of RFC 8032. */
export function signerFromSeed(name: string, seed: Uint8Array): Signer {
  invariant(isKeyName(name), 'a key name has neither space nor plus');
  const secret = Uint8Array.from(seed);
  return {
    name,
    publicKey: ed25519.getPublicKey(secret),
    sign: (message) => ed25519.sign(message, secret),
  };
}

export function noteKey(signer: Pick<Signer, 'name' | 'publicKey'>, type: SignatureType): NoteKey {
  const { name, publicKey } = signer;
  return { name, type, publicKey, id: keyId(name, type, publicKey) };
}

/** `name+hex(id)+base64(type || public key)`, the form in which countries pin a key. [RC-10] */
export function formatVkey(key: NoteKey): string {
  return `${key.name}+${hex(key.id)}+${base64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}

/** null for a text that is malformed, of an unknown type, or whose id is not that of its key. [RC-10] */
export function parseVkey(vkey: string): NoteKey | null {
  const [, name = '', idText = '', body = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey) ?? [];
  const id = fromHex(idText);
  const bytes = fromBase64(body);
  if (!isKeyName(name) || id === null || bytes === null || bytes.length !== 1 + KEY_LENGTH) return null;
  const type = Object.values(signatureTypes).find((each) => each === bytes[0]);
  if (type === undefined) return null;
  const key = noteKey({ name, publicKey: bytes.subarray(1) }, type);
  return equalBytes(key.id, id) ? key : null;
}

export function isKeyName(name: string): boolean {
  return NAME.test(name);
}

/** Strict RFC 8032: small-order and non-canonical points are refused. */
export function isSignedBy(key: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH) return false;
  return ed25519.verify(signature, message, key.publicKey, { zip215: false });
}

/** One line under a note: em dash, name, base64 of key id and signature. */
export function signatureLine(name: string, bytes: Uint8Array): string {
  return `\u2014 ${name} ${base64(bytes)}\n`;
}

function keyId(name: string, type: SignatureType, publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, 4);
}
