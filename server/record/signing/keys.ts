import { hkdfSync } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import type { Random } from '#shared/kernel/random.ts';
import { type Signer, signerFromSeed } from '#shared/record/keys.ts';

import { receiptSigner } from '../receipts/receipts.ts';
import { openSeedFile } from './seed-file.ts';

/** Keys of every record of this hub, each derived from the one seed by its name and its role. [RC-32] */
export type LogKeys = {
  /** Signs checkpoints and the seals of exports; named like the record. */
  signerOf(origin: string): Signer;
  /** Signs the receipts of this node, and nothing else; named after the hub's record. */
  receiptSignerOf(hubOrigin: string): Signer;
};

const SEED_FILE = 'seed';
const SEED_LENGTH = 32;
const OTHERS_MAY = 0o077;

/** Reads the seed in `folder`, or makes both at the very first start (0600 in 0700). Refuses what others may read. */
export function openLogKeys(folder: string, random: Random): LogKeys {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((fs.statSync(folder).mode & OTHERS_MAY) !== 0) {
    throw new Error(`${folder} holds the signing key and may be read by others. Set its mode to 0700.`);
  }
  const seed = openSeedFile(path.join(folder, SEED_FILE), random);
  const held = new Map<string, Signer>();
  return {
    signerOf(origin) {
      const known = held.get(origin);
      if (known !== undefined) return known;
      const own = hkdfSync('sha256', seed, '', `muster/log/1 ${origin}`, SEED_LENGTH);
      const signer = signerFromSeed(origin, new Uint8Array(own));
      held.set(origin, signer);
      return signer;
    },
    receiptSignerOf: (hubOrigin) => receiptSigner(seed, hubOrigin),
  };
}
