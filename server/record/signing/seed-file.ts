import fs from 'node:fs';
import path from 'node:path';

import { hex } from '#shared/kernel/encoding.ts';
import type { Random } from '#shared/kernel/random.ts';

const OTHERS_MAY = 0o077;

/**
 * 32 random bytes in a file of mode 0600, made at the first start. Two processes that start at once agree on the one that came
 * first. Refuses a file that others may read.
 */
export function openSeedFile(file: string, random: Random): Buffer {
  if (!fs.existsSync(file)) makeSeedFile(file, random);
  if ((fs.statSync(file).mode & OTHERS_MAY) !== 0)
    throw new Error(`${file} holds the signing key and may be read by others. Set its mode to 0600.`);
  const seed = fs.readFileSync(file);
  if (seed.length !== 32) throw new Error(`The signing key ${file} does not hold 32 bytes.`);
  return seed;
}

function makeSeedFile(file: string, random: Random): void {
  const folder = path.dirname(file);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const half = path.join(folder, `.${path.basename(file)}-${hex(random.bytes(8))}`);
  const handle = fs.openSync(half, 'wx', 0o600);
  fs.writeSync(handle, random.bytes(32));
  fs.fsyncSync(handle);
  fs.closeSync(handle);
  try {
    fs.linkSync(half, file);
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(half);
  }
  const directory = fs.openSync(folder, 'r');
  fs.fsyncSync(directory);
  fs.closeSync(directory);
}
