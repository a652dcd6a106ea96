import { concatBytes, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import {
  type NoteKey,
  noteKey,
  SIGNATURE_LENGTH,
  type Signer,
  signatureLine,
  signatureTypes,
} from './keys.ts';

const TIME_LENGTH = 8;

/** A witness's line for a checkpoint note: it saw this text at `at` (POSIX seconds), C2SP tlog-cosignature v1. [RC-13] */
export function cosign(signer: Signer, text: string, at: number): string {
  const key = noteKey(signer, signatureTypes.cosigner);
  return cosignatureLine(key, at, signer.sign(cosignedMessage(text, at)));
}

/** The same where the private key signs elsewhere and later (WebCrypto): `signature` is over `cosignedMessage`. */
export function cosignatureLine(key: NoteKey, at: number, signature: Uint8Array): string {
  invariant(Number.isSafeInteger(at) && at > 0, 'a cosignature states whole seconds');
  invariant(key.type === signatureTypes.cosigner, 'not the key of a cosigner');
  return signatureLine(key.name, concatBytes(key.id, timeBytes(at), signature));
}

/** What a cosigner signs: unlike a log it also signs when. */
export function cosignedMessage(text: string, at: number): Uint8Array<ArrayBuffer> {
  return utf8(`cosignature/v1\ntime ${at}\n${text}`);
}

/** null for a wrong length or a time that is not a whole number of seconds this side of 2^53. */
export function readCosignature(body: Uint8Array): { at: number; signature: Uint8Array } | null {
  if (body.length !== TIME_LENGTH + SIGNATURE_LENGTH) return null;
  let at = 0;
  for (const byte of body.subarray(0, TIME_LENGTH)) at = at * 256 + byte;
  return Number.isSafeInteger(at) && at > 0 ? { at, signature: body.subarray(TIME_LENGTH) } : null;
}

function timeBytes(at: number): Uint8Array {
  const bytes = new Uint8Array(TIME_LENGTH);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(at));
  return bytes;
}
