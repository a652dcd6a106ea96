import type { NoteKey } from './keys.ts';
import { type NoteFault, verifyNote } from './note.ts';
import { parseReceipt, type Receipt } from './receipt.ts';

export type ReceiptOutcome =
  | { readonly ok: true; readonly receipt: Receipt }
  | { readonly ok: false; readonly reason: NoteFault | 'receipt-malformed' };

/** Reads a receipt that one of these keys has signed. Whether the record keeps its promise is another question. [RC-14] */
export function readReceipt(note: string, keys: readonly NoteKey[]): ReceiptOutcome {
  const signed = verifyNote(note, keys);
  if (!signed.ok) return signed;
  const receipt = parseReceipt(signed.text);
  return receipt === null ? { ok: false, reason: 'receipt-malformed' } : { ok: true, receipt };
}
