import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

import { hex } from '#shared/kernel/encoding.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { asId, isId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';
import { type Signer, signerFromSeed } from '#shared/record/keys.ts';
import { type Evidence, evidenceText } from '#shared/record/witness/evidence.ts';
import { keptEvidence, keptPin } from '#shared/record/witness/kept.ts';

/**
 * What a witness keeps: its key, what it has seen of one operation's record and of the hub's, and the evidence when that
 * was contradicted. The state is durable before anything is signed on it; a key without its state is never used again. [RC-61] [RC-62]
 */
export type WitnessFolder = {
  readonly signer: Signer;
  read(): WitnessState;
  /** On disk, under its name, once it returns. */
  keep(state: WitnessState): void;
  /** The evidence that stopped this witness; null while there is none. */
  evidence(): Evidence | null;
  keepEvidence(evidence: Evidence): string;
};

const stateShape = z.object({
  format: z.literal('muster-witness-state/1'),
  operation: z.custom<OperationId>(isId),
  /** Name of the witness's key. */
  name: z.string(),
  /** null until the first checkpoint was seen. */
  pin: keptPin.nullable(),
  /** The same of the hub's own record. */
  hub: keptPin.nullable().default(null),
});
export type WitnessState = z.output<typeof stateShape>;

/** Why a folder cannot be used. `lost`: its key must be retired. */
export class FolderProblem extends Error {
  readonly lost: boolean;
  constructor(what: string, lost = false) {
    super(what);
    this.name = 'FolderProblem';
    this.lost = lost;
  }
}

const KEY = 'key';
const STATE = 'state.json';
const EVIDENCE = 'evidence.json';
const OTHERS_MAY = 0o077;

/** Makes a key in an empty folder. The state comes first: a crash between the two leaves no key that has forgotten. */
export function makeFolder(
  folder: string,
  given: { operation: string; name: string },
  random: Random,
): WitnessFolder {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (fs.existsSync(path.join(folder, KEY))) {
    throw new FolderProblem(`${folder} holds a key already. One folder is one key for one operation.`);
  }
  const operation = asId<OperationId>(given.operation);
  const state: WitnessState = {
    format: 'muster-witness-state/1',
    operation,
    name: given.name,
    pin: null,
    hub: null,
  };
  writeDurably(folder, STATE, `${JSON.stringify(state)}\n`, random);
  writeDurably(folder, KEY, `${hex(random.bytes(32))}\n`, random);
  return openFolder(folder, random);
}

export function openFolder(folder: string, random: Random): WitnessFolder {
  const keyFile = path.join(folder, KEY);
  if (!fs.existsSync(keyFile)) throw new FolderProblem(`${folder} holds no key. Make one with: witness new`);
  for (const file of [folder, keyFile]) {
    if ((fs.statSync(file).mode & OTHERS_MAY) !== 0)
      throw new FolderProblem(`${file} may be read by others. Take their rights away (chmod go-rwx).`);
  }
  const seed = Buffer.from(fs.readFileSync(keyFile, 'utf8').trim(), 'hex');
  if (seed.length !== 32) throw new FolderProblem(`${keyFile} does not hold a key.`);
  const read = () => readState(folder);
  const signer = signerFromSeed(read().name, seed);
  return {
    signer,
    read,
    keep: (state) => writeDurably(folder, STATE, `${JSON.stringify(state)}\n`, random),
    evidence: () => readEvidence(folder),
    keepEvidence(evidence) {
      writeDurably(folder, EVIDENCE, evidenceText(evidence), random);
      return path.join(folder, EVIDENCE);
    },
  };
}

function readState(folder: string): WitnessState {
  const file = path.join(folder, STATE);
  const gone = (why: string) =>
    new FolderProblem(
      `${file} ${why}. This key no longer knows what it has signed and must not sign again: retire it, and make a new one in another folder.`,
      true,
    );
  if (!fs.existsSync(file)) throw gone('is gone');
  const state = stateShape.safeParse(jsonIn(file));
  if (!state.success) throw gone('is damaged');
  return state.data;
}

function readEvidence(folder: string): Evidence | null {
  const file = path.join(folder, EVIDENCE);
  if (!fs.existsSync(file)) return null;
  const evidence = keptEvidence.safeParse(jsonIn(file));
  if (!evidence.success)
    throw new FolderProblem(`${file} is damaged. This witness had stopped: ask your desk.`);
  return evidence.data;
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Written aside, synced, renamed into place, and the folder synced: after a crash the old file is there or the new. */
export function writeDurably(folder: string, name: string, text: string, random: Random): void {
  const half = path.join(folder, `.${name}-${hex(random.bytes(8))}`);
  const handle = fs.openSync(half, 'wx', 0o600);
  try {
    fs.writeSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  fs.renameSync(half, path.join(folder, name));
  const directory = fs.openSync(folder, 'r');
  fs.fsyncSync(directory);
  fs.closeSync(directory);
}
