import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

import type { Random } from '#shared/kernel/random.ts';
import { keptPin } from '#shared/record/witness/kept.ts';
import type { Pin } from '#shared/record/witness/watch.ts';

import { FolderProblem, writeDurably } from '../folder.ts';

/** The parts of a mirror, each an export that begins where the one before it ends, and how far they reach. [RC-84] */
export type MirrorFolder = {
  readonly path: string;
  /** The tree that the parts make up; null before the first of them. */
  reached(): Pin | null;
  /** Where a part is written while it arrives. What a crash left there is written over. */
  readonly arriving: string;
  /** The part that has arrived, under its own name and on disk, and only then remembered. */
  keep(from: number, to: Pin): Promise<void>;
  /** A part that contradicts what was known, kept beside the others as proof. */
  keepProof(from: number): string;
};

const stateShape = z.object({ format: z.literal('muster-mirror/1'), reached: keptPin });
const STATE = 'state.json';

export function openMirrorFolder(witness: string, random: Random): MirrorFolder {
  const folder = path.join(witness, 'mirror', 'parts');
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const arriving = path.join(folder, '.arriving');
  return {
    path: folder,
    arriving,
    reached: () => readState(folder),
    async keep(from, to) {
      const handle = await fs.promises.open(arriving, 'r+');
      await handle.sync();
      await handle.close();
      const name = partName(from, to.size);
      await fs.promises.rename(arriving, path.join(folder, name));
      // What a crash left there without being remembered begins at the same entry.
      for (const other of partsIn(folder))
        if (other !== name && other.startsWith(name.slice(0, 13))) fs.rmSync(path.join(folder, other));
      const state = { format: 'muster-mirror/1', reached: to };
      writeDurably(folder, STATE, `${JSON.stringify(state)}\n`, random);
    },
    keepProof(from) {
      const proof = path.join(folder, `contradiction-from-${from}.jsonl`);
      fs.renameSync(arriving, proof);
      return proof;
    },
  };
}

/** `000000000000-000000001042.jsonl`: the first entry and the size of the record at its end, so that names sort. */
function partName(from: number, size: number): string {
  return `${String(from).padStart(12, '0')}-${String(size).padStart(12, '0')}.jsonl`;
}

function partsIn(folder: string): string[] {
  return fs.readdirSync(folder).filter((name) => /^\d{12}-\d{12}\.jsonl$/.test(name));
}

/** Parts without their state, or a state without its last part, are not gone on from: what follows would prove nothing. */
function readState(folder: string): Pin | null {
  const file = path.join(folder, STATE);
  const parts = partsIn(folder);
  const broken = (what: string) =>
    new FolderProblem(`${what} Move ${folder} aside; the mirror then begins again from the first entry.`);
  if (!fs.existsSync(file)) {
    // A crash came between the very first part and its state: that part is fetched again.
    if (parts.every((name) => name.startsWith(partName(0, 0).slice(0, 13)))) return null;
    throw broken(`${file} is gone.`);
  }
  const state = stateShape.safeParse(jsonIn(file));
  if (!state.success) throw broken(`${file} is damaged.`);
  const { reached } = state.data;
  const last = String(reached.size).padStart(12, '0');
  if (!parts.some((name) => name.endsWith(`-${last}.jsonl`)))
    throw broken(`The part that ends with entry ${reached.size - 1} is gone.`);
  return reached;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
