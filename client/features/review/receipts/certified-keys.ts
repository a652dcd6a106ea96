import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readReceiptKeys } from '#shared/contracts/record-log.ts';
import { fromBase64, fromUtf8 } from '#shared/kernel/encoding.ts';
import { commitPayload, parseEntry } from '#shared/record/entry.ts';
import { type NoteKey, parseVkey } from '#shared/record/keys.ts';
import { checkInclusion } from '#shared/record/proof.ts';
import { receiptKeyName } from '#shared/record/receipt.ts';
import { leafHash } from '#shared/record/tree.ts';
import { readSigned } from '#shared/record/witness/watch.ts';

type Certified = ReplyOf<typeof readReceiptKeys>;

/** Those of the keys that the hub's record, signed with `hubKey`, certifies; the others are passed over. [RC-51] */
export function certifiedKeys(reply: Certified, hubKey: NoteKey): NoteKey[] {
  const signed = reply.note === null ? 'unsigned' : readSigned(reply.note, hubKey);
  if (typeof signed === 'string') return [];
  return reply.keys.flatMap((one) => {
    const [entry, salt, payload] = [one.entry, one.salt, one.payload].map(fromBase64);
    const path = one.proof.map(fromBase64).filter((hash) => hash !== null);
    const key = parseVkey(one.vkey);
    if (!entry || !salt || !payload || key === null || key.name !== receiptKeyName(hubKey.name)) return [];
    const claim = { index: one.seq, size: signed.size, leaf: leafHash(entry), root: signed.root };
    if (path.length !== one.proof.length || !checkInclusion(claim, path).ok) return [];
    const read = parseEntry(entry);
    if (!read.ok || read.entry.kind !== 'receipt-key.certified' || read.entry.log !== hubKey.name) return [];
    if (commitPayload(salt, payload).pc !== read.entry.commitment.pc) return [];
    return says(payload, one.vkey) ? [key] : [];
  });
}

function says(payload: Uint8Array, vkey: string): boolean {
  try {
    return Reflect.get(Object(JSON.parse(fromUtf8(payload))), 'vkey') === vkey;
  } catch {
    return false;
  }
}
