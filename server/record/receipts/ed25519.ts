import { createPrivateKey, createPublicKey, sign } from 'node:crypto';

import { fromBase64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { Signer } from '#shared/record/keys.ts';

/** What stands before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `signerFromSeed` with the machine's own Ed25519: the same signatures (RFC 8032), some thirty times as fast. */
export function nativeSigner(name: string, seed: Uint8Array): Signer {
  invariant(seed.length === 32, 'a seed is 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  const publicKey = fromBase64(Buffer.from(x, 'base64url').toString('base64'));
  invariant(publicKey !== null && publicKey.length === 32, 'a key without its public half');
  return { name, publicKey, sign: (message) => new Uint8Array(sign(null, message, key)) };
}
