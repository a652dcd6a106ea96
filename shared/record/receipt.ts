import { base64, fromBase64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { isOrigin } from './entry-fields.ts';
import { HASH_LENGTH } from './hash.ts';
import type { Signer } from './keys.ts';
import { signNote } from './note.ts';

/** One entry that was acknowledged: its place, and its leaf hash. */
export type ReceiptLine = { readonly index: number; readonly leaf: Uint8Array };

/** A promise given with an acknowledgement: these entries stand at these places of this record. `at` is POSIX seconds. */
export type Receipt = {
  readonly origin: string;
  readonly at: number;
  /** By rising index; 1 to 1024. */
  readonly entries: readonly ReceiptLine[];
};

const FORMAT = 'muster-receipt/v2';
export const RECEIPT_LIMIT = 1024;

/** Receipts have keys of their own, named after the hub's record, so that no receipt can pass for a checkpoint. */
export function receiptKeyName(hubOrigin: string): string {
  return `${hubOrigin}/receipt`;
}

/** What no checkpoint covers a minute later is proof of omission. [RC-14] */
export function signReceipt(signer: Signer, receipt: Receipt): string {
  invariant(signer.name.endsWith('/receipt'), 'not a key for receipts');
  return signNote(signer, receiptText(receipt));
}

function receiptText({ origin, at, entries }: Receipt): string {
  invariant(isOrigin(origin) && Number.isSafeInteger(at), 'not a receipt');
  invariant(entries.length > 0 && entries.length <= RECEIPT_LIMIT, 'a receipt for nothing, or for too much');
  invariant(isRising(entries), 'places of a receipt rise');
  const lines = entries.map(({ index, leaf }) => `${index} ${base64(leaf)}\n`);
  return `${FORMAT}\n${origin}\n${at}\n${lines.join('')}`;
}

/** Reads the text of a receipt note; null for anything that `signReceipt` does not write. */
export function parseReceipt(text: string): Receipt | null {
  const [format, origin = '', at = '', ...rest] = text.split('\n');
  if (format !== FORMAT || rest.pop() !== '' || !isOrigin(origin) || !isCount(at)) return null;
  const entries = rest.map(parseLine).filter((line) => line !== null);
  if (entries.length !== rest.length || entries.length === 0 || entries.length > RECEIPT_LIMIT) return null;
  return isRising(entries) ? { origin, at: Number(at), entries } : null;
}

function parseLine(line: string): ReceiptLine | null {
  const [index = '', text = '', ...rest] = line.split(' ');
  const leaf = fromBase64(text);
  if (!isCount(index) || leaf === null || leaf.length !== HASH_LENGTH || rest.length > 0) return null;
  return { index: Number(index), leaf };
}

function isRising(entries: readonly ReceiptLine[]): boolean {
  return entries.every(
    ({ index }, at) => Number.isSafeInteger(index) && index > (entries[at - 1]?.index ?? -1),
  );
}

function isCount(text: string): boolean {
  return /^(?:0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}
