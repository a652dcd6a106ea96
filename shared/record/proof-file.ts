import { base64, equalBytes, fromBase64 } from '#shared/kernel/encoding.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { HASH_LENGTH } from './hash.ts';
import type { NoteKey } from './keys.ts';
import { type NoteFault, verifyNote } from './note.ts';
import { checkInclusion, type ProofFault } from './proof.ts';
import { leafHash } from './tree.ts';

/** One disclosed entry's place in the record, in a file that stands alone (C2SP tlog-proof). */
export type ProofFile = {
  readonly index: number;
  /** Audit path, leaf to root. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint with whatever cosignatures it has. */
  readonly checkpoint: string;
  /** Free bytes for the receiver; not covered by the proof. */
  readonly extra?: Uint8Array;
};
export type ProofFileOutcome =
  | {
      readonly ok: true;
      readonly index: number;
      readonly checkpoint: Checkpoint;
      readonly signers: readonly string[];
    }
  | { readonly ok: false; readonly reason: 'proof-file-malformed' | NoteFault | ProofFault };

const FORMAT = 'c2sp.org/tlog-proof@v1';
const HASHES_LIMIT = 63;

/** [RC-15] */
export function formatProofFile({ index, hashes, checkpoint, extra }: ProofFile): string {
  const head = extra === undefined ? [FORMAT] : [FORMAT, `extra ${base64(extra)}`];
  return `${[...head, `index ${index}`, ...hashes.map(base64)].join('\n')}\n\n${checkpoint}`;
}

/** null for anything `formatProofFile` does not write. The checkpoint inside is not yet believed. [RC-15] */
export function parseProofFile(file: string): ProofFile | null {
  const split = file.indexOf('\n\n');
  const [format, ...lines] = file.slice(0, Math.max(split, 0)).split('\n');
  const extraText = lines[0]?.startsWith('extra ') ? lines.shift()?.slice(6) : undefined;
  const [, index] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '') ?? [];
  const hashes = lines.map(fromBase64);
  const extra = extraText === undefined ? undefined : fromBase64(extraText);
  if (format !== FORMAT || index === undefined || extra === null || hashes.length > HASHES_LIMIT) return null;
  if (!hashes.every((hash) => hash !== null && hash.length === HASH_LENGTH)) return null;
  const parsed = {
    index: Number(index),
    hashes: hashes.filter((hash) => hash !== null),
    checkpoint: file.slice(split + 2),
  };
  return extra === undefined ? parsed : { ...parsed, extra };
}

/** Does this file prove `entry`, under a checkpoint signed by the log itself and accepted by every known key? [RC-15] */
export function checkProofFile(
  file: string,
  entry: Uint8Array,
  keys: { readonly log: NoteKey; readonly cosigners?: readonly NoteKey[] },
): ProofFileOutcome {
  const parsed = parseProofFile(file);
  if (parsed === null) return { ok: false, reason: 'proof-file-malformed' };
  const note = verifyNote(parsed.checkpoint, [keys.log, ...(keys.cosigners ?? [])]);
  if (!note.ok) return note;
  if (!note.signers.some(({ key }) => isSame(key, keys.log)))
    return { ok: false, reason: 'note-no-known-signer' };
  const checkpoint = parseCheckpoint(note.text);
  if (checkpoint === null || checkpoint.origin !== keys.log.name) {
    return { ok: false, reason: 'proof-file-malformed' };
  }
  const { size, root } = checkpoint;
  const included = checkInclusion({ index: parsed.index, size, leaf: leafHash(entry), root }, parsed.hashes);
  if (!included.ok) return included;
  return { ok: true, index: parsed.index, checkpoint, signers: note.signers.map(({ key }) => key.name) };
}

function isSame(a: NoteKey, b: NoteKey): boolean {
  return a.name === b.name && equalBytes(a.id, b.id);
}
