import { base64, fromBase64 } from '#shared/kernel/encoding.ts';

import { type Checkpoint, parseCheckpoint } from '../checkpoint.ts';
import { type NoteKey, parseVkey, signatureTypes } from '../keys.ts';
import { verifyNote } from '../note.ts';
import { checkConsistency } from '../proof.ts';

/** What a witness remembers of a record: its key, and the largest tree it has verified, as it was signed. */
export type Pin = {
  readonly vkey: string;
  readonly size: number;
  /** base64 */
  readonly root: string;
  /** The note that said so; null for what was kept before notes were. */
  readonly note: string | null;
};

/** What the hub shows now, with the proof that it contains the pinned tree. */
export type Shown = {
  readonly note: string | null;
  readonly vkey: string | null;
  /** base64 of the hashes */
  readonly consistency: readonly string[];
};

/** How far the record as shown can be believed. Only `held` proves anything. */
export type Watched =
  | { readonly state: 'unsigned' }
  | {
      readonly state: 'held';
      /** Nothing was known before: the key is the first one seen. */
      readonly first: boolean;
      readonly key: NoteKey;
      readonly checkpoint: Checkpoint;
      /** What is to be remembered from now on. */
      readonly pin: Pin;
    }
  | { readonly state: 'key-changed'; readonly known: string; readonly shown: string }
  | { readonly state: 'rolled-back'; readonly reason: string }
  | { readonly state: 'forked'; readonly reason: string }
  | { readonly state: 'bad'; readonly reason: string };

/** Verifies the signature under the pinned key, or the first one seen, and that nothing verified before has gone. [RC-61] */
export function watchCheckpoint(shown: Shown, origin: string, pin: Pin | null): Watched {
  const { note, vkey } = shown;
  if (note === null || vkey === null)
    return pin ? { state: 'rolled-back', reason: 'checkpoint-gone' } : { state: 'unsigned' };
  if (pin && pin.vkey !== vkey) return { state: 'key-changed', known: pin.vkey, shown: vkey };
  const key = parseVkey(vkey);
  if (key?.type !== signatureTypes.log || key.name !== origin)
    return { state: 'bad', reason: 'key-malformed' };
  const signed = readSigned(note, key);
  if (typeof signed === 'string') return { state: 'bad', reason: signed };
  if (pin && signed.size < pin.size) return { state: 'rolled-back', reason: 'checkpoint-went-backwards' };
  const fault = pin && faultSince(pin, signed, shown.consistency);
  if (fault) return { state: 'forked', reason: fault };
  return { state: 'held', first: pin === null, key, checkpoint: signed, pin: pinOf(vkey, signed, note) };
}

/** The checkpoint of a note that `key` signed, or why there is none. */
export function readSigned(note: string, key: NoteKey): Checkpoint | string {
  const verified = verifyNote(note, [key]);
  if (!verified.ok) return verified.reason;
  const checkpoint = parseCheckpoint(verified.text);
  return checkpoint !== null && checkpoint.origin === key.name ? checkpoint : 'checkpoint-malformed';
}

/** Whether the tree of `to` begins with that of `from`; null when it does. */
export function faultBetween(
  from: { readonly size: number; readonly root: Uint8Array },
  to: { readonly size: number; readonly root: Uint8Array },
  consistency: readonly string[],
): string | null {
  const proof = consistency.map(fromBase64).filter((hash) => hash !== null);
  if (proof.length !== consistency.length) return 'proof-malformed-hash';
  const claim = { from: from.size, fromRoot: from.root, to: to.size, toRoot: to.root };
  const outcome = checkConsistency(claim, proof);
  return outcome.ok ? null : outcome.reason;
}

function faultSince(pin: Pin, now: Checkpoint, consistency: readonly string[]): string | null {
  const root = fromBase64(pin.root);
  return root === null ? 'proof-malformed-hash' : faultBetween({ size: pin.size, root }, now, consistency);
}

function pinOf(vkey: string, { size, root }: Checkpoint, note: string): Pin {
  return { vkey, size, root: base64(root), note };
}
