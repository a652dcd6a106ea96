import { hkdfSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { hex } from '#shared/kernel/encoding.ts';
import type { Random } from '#shared/kernel/random.ts';
import { type Signer, signerFromSeed } from '#shared/record/keys.ts';
import { receiptKeyName } from '#shared/record/receipt.ts';

/** Keys of every record of this hub, each derived from the one seed by its name and its role. [RC-32] */
export type LogKeys = {
  /** Signs checkpoints and the seals of exports; named like the record. */
  signerOf(origin: string): Signer;
  /** Signs receipts, and nothing else. */
  receiptSignerOf(origin: string): Signer;
};

const SEED_FILE = 'seed';
const SEED_LENGTH = 32;
const OTHERS_MAY = 0o077;

/** Reads the seed in `folder`, or makes both at the very first start (0600 in 0700). Refuses what others may read. */
export function openLogKeys(folder: string, random: Random): LogKeys {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  refuseOpen(folder, '0700');
  const file = path.join(folder, SEED_FILE);
  if (!fs.existsSync(file)) makeSeed(folder, random);
  refuseOpen(file, '0600');
  const seed = fs.readFileSync(file);
  if (seed.length !== SEED_LENGTH) throw new Error(`The signing key ${file} does not hold 32 bytes.`);
  const held = new Map<string, Signer>();
  const derive = (role: 'log' | 'receipt', name: string): Signer => {
    const info = `muster/${role}/1 ${name}`;
    const signer =
      held.get(info) ?? signerFromSeed(name, new Uint8Array(hkdfSync('sha256', seed, '', info, SEED_LENGTH)));
    held.set(info, signer);
    return signer;
  };
  return {
    signerOf: (origin) => derive('log', origin),
    receiptSignerOf: (origin) => derive('receipt', receiptKeyName(origin)),
  };
}

function refuseOpen(file: string, mode: string): void {
  if ((fs.statSync(file).mode & OTHERS_MAY) === 0) return;
  throw new Error(`${file} holds the signing key and may be read by others. Set its mode to ${mode}.`);
}

/** Written aside and linked into place: two processes starting at once agree on the one that came first. */
function makeSeed(folder: string, random: Random): void {
  const half = path.join(folder, `.${SEED_FILE}-${hex(random.bytes(8))}`);
  const handle = fs.openSync(half, 'wx', 0o600);
  fs.writeSync(handle, random.bytes(SEED_LENGTH));
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  try {
    fs.linkSync(half, path.join(folder, SEED_FILE));
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(half);
  }
  const directory = fs.openSync(folder, 'r');
  fs.fsyncSync(directory);
  fs.closeSync(directory);
}
