import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import type { Chance } from './chance.ts';

/** Another one in each run, told in the title; FAULT_SEED=N runs a failed one again. */
export const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);

/** Gives `work` a folder that goes when it succeeds and stays for whoever must find out when it does not. */
export async function inFolder<T>(name: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `muster-${name}-`));
  // PostgreSQL runs as a user of its own and must get through.
  fs.chmodSync(folder, 0o755);
  const result = await work(folder);
  fs.rmSync(folder, { recursive: true, force: true });
  return result;
}

/** Some of `all`, each at most once, by chance. */
export function someOf<T>(all: readonly T[], wanted: number, chance: Chance): T[] {
  const left = [...all];
  const picked: T[] = [];
  while (picked.length < wanted && left.length > 0)
    picked.push(...left.splice(chance.int(0, left.length - 1), 1));
  return picked;
}
