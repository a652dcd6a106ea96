import { base64, fromBase64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { isOrigin } from './entry-fields.ts';
import { HASH_LENGTH } from './hash.ts';
import type { Signer } from './keys.ts';
import { signNote } from './note.ts';

/** A promise given with the acknowledgement: this entry has this place. `at` is POSIX seconds. */
export type Receipt = {
  readonly origin: string;
  readonly index: number;
  readonly leaf: Uint8Array;
  readonly at: number;
};

const FORMAT = 'muster-receipt/v1';

/** Receipts have a key of their own, so that no receipt can pass for a checkpoint. */
export function receiptKeyName(origin: string): string {
  return `${origin}/receipt`;
}

/** A receipt that no checkpoint covers a minute later is proof of omission. [RC-14] */
export function signReceipt(signer: Signer, { origin, index, leaf, at }: Receipt): string {
  invariant(isOrigin(origin) && signer.name === receiptKeyName(origin), 'not the receipt key of this record');
  invariant(Number.isSafeInteger(index) && Number.isSafeInteger(at), 'whole numbers only');
  return signNote(signer, `${FORMAT}\n${origin}\n${index}\n${base64(leaf)}\n${at}\n`);
}

/** Reads the text of a receipt note; null for anything else. */
export function parseReceipt(text: string): Receipt | null {
  const [format, origin = '', index = '', leafText = '', at = '', end, ...rest] = text.split('\n');
  const leaf = fromBase64(leafText);
  if (format !== FORMAT || end !== '' || rest.length > 0 || !isOrigin(origin)) return null;
  if (!isCount(index) || !isCount(at) || leaf === null || leaf.length !== HASH_LENGTH) return null;
  return { origin, index: Number(index), leaf, at: Number(at) };
}

function isCount(text: string): boolean {
  return /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}
