import { sha256 } from '@noble/hashes/sha2.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { base58, base58xmr, base58xrp, bech32, bech32m, createBase58check } from '@scure/base';

import { hex, utf8 } from '#shared/kernel/encoding.ts';

type Decoder = (text: string) => Uint8Array;

/** `null` instead of the exception by which decoders refuse. */
function attempt(decode: Decoder, text: string): Uint8Array | null {
  try {
    return decode(text);
  } catch (refusal) {
    if (refusal instanceof Error) return null;
    throw refusal;
  }
}

const checked = createBase58check(sha256);

export function fromBase58(text: string): Uint8Array | null {
  return attempt((given) => base58.decode(given), text);
}

export function fromBase58Check(text: string): Uint8Array | null {
  return attempt((given) => checked.decode(given), text);
}

/** Base58check in the alphabet of the XRP ledger. */
export function fromRippleCheck(text: string): Uint8Array | null {
  const bytes = attempt((given) => base58xrp.decode(given), text);
  if (bytes === null || bytes.length < 5) return null;
  const body = bytes.subarray(0, -4);
  return hex(sha256(sha256(body)).subarray(0, 4)) === hex(bytes.subarray(-4)) ? body : null;
}

/** Block-wise base58 with four bytes of Keccak at the end; the body without them. */
export function fromMoneroCheck(text: string): Uint8Array | null {
  const bytes = attempt((given) => base58xmr.decode(given), text);
  if (bytes === null || bytes.length < 5) return null;
  const body = bytes.subarray(0, -4);
  return hex(keccak_256(body).subarray(0, 4)) === hex(bytes.subarray(-4)) ? body : null;
}

/** A segwit program (BIP 173, BIP 350): version 0 under bech32, later ones under bech32m, with their lengths. */
export function isSegwit(text: string, prefix: string): boolean {
  return (
    isSegwitIn(text, prefix, { codec: bech32, later: false }) ||
    isSegwitIn(text, prefix, { codec: bech32m, later: true })
  );
}

function isSegwitIn(text: string, prefix: string, kind: { codec: typeof bech32; later: boolean }): boolean {
  const decoded = kind.codec.decodeUnsafe(text, 90);
  const version = decoded?.words[0];
  if (!decoded || decoded.prefix !== prefix || version === undefined || version > 16) return false;
  if (version === 0 ? kind.later : !kind.later) return false;
  const length = kind.codec.fromWordsUnsafe(decoded.words.slice(1))?.length ?? 0;
  return version === 0 ? length === 20 || length === 32 : length >= 2 && length <= 40;
}

export function isBech32(text: string, prefix: string): boolean {
  return bech32.decodeUnsafe(text, 200)?.prefix === prefix;
}

/** EIP-55: the capital letters of a mixed-case address are its checksum. Input and output without `0x`. */
export function toEip55(lower: string): string {
  const digest = hex(keccak_256(utf8(lower)));
  return [...lower].map((char, at) => ((digest[at] ?? '0') >= '8' ? char.toUpperCase() : char)).join('');
}

const CASH = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const CASH_GENERATORS = [0x98f2bc8e61n, 0x79b76d99e2n, 0xf33e5fb3c4n, 0xae2eabe2a8n, 0x1e4f43e470n];

/** CashAddr payload (lower case, without the prefix) under `bitcoincash:`. */
export function isCashAddress(payload: string): boolean {
  let sum = 1n;
  for (const value of [...'bitcoincash']
    .map((char) => char.charCodeAt(0) & 31)
    .concat(0, ...cashValues(payload))) {
    if (value < 0) return false;
    const top = sum >> 35n;
    sum = ((sum & 0x07ffffffffn) << 5n) ^ BigInt(value);
    for (const [bit, generator] of CASH_GENERATORS.entries()) if ((top >> BigInt(bit)) & 1n) sum ^= generator;
  }
  return sum === 1n;
}

function cashValues(payload: string): number[] {
  return [...payload].map((char) => CASH.indexOf(char));
}
