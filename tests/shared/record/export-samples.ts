import { checkpointText, signCheckpoint } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import type { ExportedEntry } from '#shared/record/export/lines.ts';
import { type ExportSource, writeExport } from '#shared/record/export/write.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { addSignature, signNote } from '#shared/record/note.ts';
import { Frontier, leafHash } from '#shared/record/tree.ts';
import { ORIGIN, sample } from './samples.ts';

export const log = signerFromSeed(ORIGIN, new Uint8Array(32).fill(1));
export const witness = signerFromSeed('witness.example/fr', new Uint8Array(32).fill(2));
export const LOG_VKEY = formatVkey(noteKey(log, signatureTypes.log));
export const WITNESS_VKEY = formatVkey(noteKey(witness, signatureTypes.cosigner));
export const WITNESSED_AT = 1_795_435_200;

/** One entry as its reader sees it. */
export function shown(i: number, view: 'all' | 'purged' | 'withheld' = 'all'): ExportedEntry {
  const { entry, salt, payload } = sample(i);
  const leaf = leafHash(entry);
  if (view === 'withheld') return { leaf };
  return { leaf, entry, content: view === 'all' ? { salt, payload } : null };
}

/** Six entries: the second without its content, the fourth withheld. */
export function sixEntries(): ExportedEntry[] {
  return [shown(0), shown(1, 'purged'), shown(2), shown(3, 'withheld'), shown(4), shown(5)];
}

/** An honest source; `change` makes it another one. */
export function source(entries: ExportedEntry[], change: Partial<ExportSource> = {}): ExportSource {
  const tree = new Frontier();
  for (const { leaf } of entries) tree.append(leaf);
  const checkpoint = { origin: ORIGIN, size: tree.size, root: tree.root() };
  return {
    origin: ORIGIN,
    from: 0,
    frontier: [],
    size: tree.size,
    key: LOG_VKEY,
    entries,
    checkpoint: addSignature(
      signCheckpoint(log, checkpoint),
      cosign(witness, checkpointText(checkpoint), WITNESSED_AT),
    ),
    seal: (text) => signNote(log, text),
    ...change,
  };
}

export async function linesOf(from: ExportSource): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of writeExport(from)) lines.push(line);
  return lines;
}
