import { base64, fromBase64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { isOrigin } from './entry-fields.ts';
import { HASH_LENGTH } from './hash.ts';
import type { Signer } from './keys.ts';
import { signNote } from './note.ts';

/** What the signer vouches for: the first `size` entries of record `origin` have this root. */
export type Checkpoint = { readonly origin: string; readonly size: number; readonly root: Uint8Array };

/** C2SP tlog-checkpoint without extension lines. [RC-12] */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  invariant(isOrigin(origin), 'not an origin');
  invariant(Number.isSafeInteger(size) && size >= 0 && root.length === HASH_LENGTH, 'not a tree');
  return `${origin}\n${size}\n${base64(root)}\n`;
}

/** The note of a log whose key is named like its origin. Whether it may be signed at all is the signer's decision. [RC-12] */
export function signCheckpoint(signer: Signer, checkpoint: Checkpoint): string {
  invariant(signer.name === checkpoint.origin, "a log's key is named like its origin");
  return signNote(signer, checkpointText(checkpoint));
}

/** Reads the text of a note (`verifyNote` gives it). null for anything `checkpointText` does not write. [RC-12] */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [, origin = '', size = '', rootText = ''] =
    /^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([^\n]+)\n$/.exec(text) ?? [];
  const root = fromBase64(rootText);
  if (!isOrigin(origin) || root === null || root.length !== HASH_LENGTH) return null;
  return Number.isSafeInteger(Number(size)) ? { origin, size: Number(size), root } : null;
}
