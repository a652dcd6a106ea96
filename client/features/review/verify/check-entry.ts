import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { proveEntry } from '#shared/contracts/review.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { fromBase64, fromUtf8, hex } from '#shared/kernel/encoding.ts';
import type { Checkpoint } from '#shared/record/checkpoint.ts';
import { commitPayload, type Entry, parseEntry } from '#shared/record/entry.ts';
import type { NoteKey } from '#shared/record/keys.ts';
import { checkInclusion } from '#shared/record/proof.ts';
import { leafHash } from '#shared/record/tree.ts';
import { readSigned } from '#shared/record/witness/watch.ts';

type Proof = ReplyOf<typeof proveEntry>;

/** `sealed`: entry and place are proven, the content is not shown and so cannot be compared. */
export type EntryVerdict =
  | { readonly ok: true; readonly sealed: boolean; readonly size: number; readonly steps: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Whether what is on screen is what the signed tree contains: the entry's bytes hash to a leaf under a checkpoint the
 * pinned key signed, they say what the list says, and the content opens their commitment.
 */
export function checkEntry(
  shown: EntryOnWire,
  proof: Proof,
  trust: { key: NoteKey; checkpoint: Checkpoint },
): EntryVerdict {
  const bytes = fromBase64(proof.entry);
  const path = proof.proof.map(fromBase64).filter((hash) => hash !== null);
  if (bytes === null || path.length !== proof.proof.length) return failed('proof-malformed');
  const signed = readSigned(proof.note, trust.key);
  if (typeof signed === 'string') return failed(signed);
  if (signed.size < trust.checkpoint.size) return failed('checkpoint-went-backwards');
  const leaf = leafHash(bytes);
  const { size, root } = signed;
  const included = checkInclusion({ index: shown.seq, size, leaf, root }, path);
  if (!included.ok) return included;
  if (hex(leaf) !== shown.leafHash) return failed('shown-hash-differs');
  const parsed = parseEntry(bytes);
  if (!parsed.ok) return parsed;
  const differs = differenceOf(shown, parsed.entry, trust.key.name);
  if (differs) return failed(differs);
  const content = contentFault(shown, proof, parsed.entry);
  if (content !== null && content !== 'sealed') return failed(content);
  return { ok: true, sealed: content === 'sealed', size, steps: path.length };
}

function differenceOf(shown: EntryOnWire, entry: Entry, origin: string): string | null {
  const officer = 'officer' in entry.by ? entry.by.officer : null;
  const country = 'officer' in entry.by ? entry.by.country : null;
  if (entry.log !== origin) return 'other-record';
  if (entry.seq !== shown.seq) return 'shown-place-differs';
  if (isoTime(entry.at) !== shown.at) return 'shown-time-differs';
  if (entry.kind !== shown.kind || entry.verb !== shown.verb) return 'shown-kind-differs';
  if (entry.outcome !== shown.outcome) return 'shown-outcome-differs';
  if (shown.by !== null && shown.by.officer !== officer) return 'shown-officer-differs';
  if (country !== shown.country) return 'shown-country-differs';
  if (entry.compartment !== shown.compartment) return 'shown-compartment-differs';
  if (entry.object?.kind !== shown.object?.kind || entry.object?.id !== shown.object?.id)
    return 'shown-object-differs';
  return null;
}

function contentFault(shown: EntryOnWire, proof: Proof, entry: Entry): string | null {
  if (proof.salt === null || proof.payload === null) {
    if (shown.body !== null) return 'content-not-proven';
    return entry.commitment.pl === 0 ? null : 'sealed';
  }
  const [salt, payload] = [fromBase64(proof.salt), fromBase64(proof.payload)];
  if (salt === null || payload === null || salt.length !== 32) return 'proof-malformed';
  const { pc, pl } = commitPayload(salt, payload);
  if (pc !== entry.commitment.pc || pl !== entry.commitment.pl) return 'content-differs';
  if (payload.length === 0 && shown.body === null) return null;
  if (sameJson(payload, shown.body)) return null;
  return shown.body === null ? 'sealed' : 'shown-content-differs';
}

function sameJson(payload: Uint8Array, body: Json): boolean {
  try {
    const stored: Json = JSON.parse(fromUtf8(payload));
    return canonicalJson(stored) === canonicalJson(body);
  } catch {
    return false;
  }
}

function failed(reason: string): EntryVerdict {
  return { ok: false, reason };
}
