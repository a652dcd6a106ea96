import { hkdfSync } from 'node:crypto';

import type { Append, SignReceipts } from '#server/platform/facts.ts';
import { oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { formatVkey, noteKey, type Signer, signatureTypes } from '#shared/record/keys.ts';
import { RECEIPT_LIMIT, receiptKeyName, signReceipt } from '#shared/record/receipt.ts';

import { theHub } from '../author.ts';
import { nativeSigner } from './ed25519.ts';

/** Signs receipts of this node, under a key that the hub's record names. */
export type Receipts = {
  readonly vkey: string;
  /** Notes for entries of one record that are committed: by rising place, as many notes as it takes. */
  readonly sign: SignReceipts;
};

/** A node that signs has its receipt key from its seed; another one from a file of its own. [RC-51] */
export function receiptSigner(seed: Uint8Array, hubOrigin: string): Signer {
  const name = receiptKeyName(hubOrigin);
  return nativeSigner(name, new Uint8Array(hkdfSync('sha256', seed, '', `muster/receipt/1 ${name}`, 32)));
}

export function openReceipts(signer: Signer, logOrigin: string): Receipts {
  return {
    vkey: formatVkey(noteKey(signer, signatureTypes.log)),
    sign(log, recorded, now) {
      const origin = log === 'hub' ? `${logOrigin}/hub` : `${logOrigin}/op/${log}`;
      const at = Math.floor(now / 1000);
      const entries = recorded.map(({ seq, leafHash }) => ({ index: seq, leaf: leafHash }));
      const notes: string[] = [];
      for (let from = 0; from < entries.length; from += RECEIPT_LIMIT) {
        notes.push(signReceipt(signer, { origin, at, entries: entries.slice(from, from + RECEIPT_LIMIT) }));
      }
      return notes;
    },
  };
}

/** Puts the key on the hub's record, once, before the first receipt under it is given. [RC-51] */
export async function certifyReceiptKey(
  { store, append }: { readonly store: Store; readonly append: Append },
  vkey: string,
): Promise<void> {
  await store.write(async (tx) => {
    await sql`select 1 from logs where id = 'hub' for update`.execute(tx);
    const known = await oneRow(tx, sql`select 1 from receipt_keys where vkey = ${vkey}`);
    if (known !== null) return;
    const [at] = await append(tx, {
      log: 'hub',
      epoch: null,
      facts: [
        {
          kind: 'receipt-key.certified',
          by: theHub,
          object: null,
          compartment: null,
          outcome: 'ok',
          command: null,
          body: { vkey },
        },
      ],
    });
    await sql`insert into receipt_keys (vkey, seq) values (${vkey}, ${at?.seq ?? -1})`.execute(tx);
  });
}

/** Every key under which receipts of this hub were ever given, with the entry that says so. */
export function receiptKeys(tx: Tx): Promise<{ vkey: string; seq: number }[]> {
  return rows(tx, sql`select vkey, seq from receipt_keys order by seq`);
}
