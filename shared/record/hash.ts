import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

/** SHA-256 of the bytes given: 32 bytes, a new array each time. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** The default everywhere. A caller with a faster one (Node's own, say) passes that instead. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return nobleSha256(bytes);
}

export const HASH_LENGTH = 32;
