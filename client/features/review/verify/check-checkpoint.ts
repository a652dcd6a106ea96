import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readCheckpoint } from '#shared/contracts/review.ts';
import { base64, fromBase64 } from '#shared/kernel/encoding.ts';
import { type Checkpoint, parseCheckpoint } from '#shared/record/checkpoint.ts';
import { type NoteKey, parseVkey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { checkConsistency } from '#shared/record/proof.ts';

/** What this browser remembers of a record: its key, and the largest tree it has verified. */
export type Pin = { readonly vkey: string; readonly size: number; readonly root: string };

/** How far the record as shown can be believed. Only `held` proves anything. */
export type Trust =
  | { readonly state: 'unsigned' }
  | {
      readonly state: 'held';
      readonly first: boolean;
      readonly key: NoteKey;
      readonly checkpoint: Checkpoint;
      readonly signedAt: string | null;
      readonly vkey: string;
    }
  | { readonly state: 'key-changed'; readonly known: string; readonly shown: string }
  | { readonly state: 'forked'; readonly reason: string }
  | { readonly state: 'bad'; readonly reason: string };

/** Verifies the signature under the pinned key, or the first one seen, and that nothing verified before has gone. */
export function checkCheckpoint(
  reply: ReplyOf<typeof readCheckpoint>,
  origin: string,
  pin: Pin | null,
): Trust {
  const { note, vkey } = reply;
  if (note === null || vkey === null)
    return pin ? { state: 'forked', reason: 'checkpoint-gone' } : { state: 'unsigned' };
  if (pin && pin.vkey !== vkey) return { state: 'key-changed', known: pin.vkey, shown: vkey };
  const key = parseVkey(vkey);
  if (key === null || key.name !== origin) return { state: 'bad', reason: 'key-malformed' };
  const signed = readSigned(note, key);
  if (typeof signed === 'string') return { state: 'bad', reason: signed };
  const fault = pin && faultSince(pin, signed, reply.consistency);
  if (fault) return { state: 'forked', reason: fault };
  return { state: 'held', first: pin === null, key, checkpoint: signed, signedAt: reply.signedAt, vkey };
}

/** The checkpoint of a note that `key` signed, or why there is none. */
export function readSigned(note: string, key: NoteKey): Checkpoint | string {
  const verified = verifyNote(note, [key]);
  if (!verified.ok) return verified.reason;
  const checkpoint = parseCheckpoint(verified.text);
  return checkpoint !== null && checkpoint.origin === key.name ? checkpoint : 'checkpoint-malformed';
}

function faultSince(pin: Pin, now: Checkpoint, consistency: readonly string[]): string | null {
  if (now.size < pin.size) return 'checkpoint-went-backwards';
  const fromRoot = fromBase64(pin.root);
  const proof = consistency.map(fromBase64).filter((hash) => hash !== null);
  if (fromRoot === null || proof.length !== consistency.length) return 'proof-malformed-hash';
  const claim = { from: pin.size, fromRoot, to: now.size, toRoot: now.root };
  const outcome = checkConsistency(claim, proof);
  return outcome.ok ? null : outcome.reason;
}

export function pinOf(vkey: string, { size, root }: Checkpoint): Pin {
  return { vkey, size, root: base64(root) };
}
