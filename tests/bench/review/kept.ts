import fs from 'node:fs';
import path from 'node:path';

import type { Needle } from '#tests/record/long-record.ts';
import type { Operation } from '#tests/support/hub.ts';

/** A long record that a run has left for the next one: writing a million entries takes longer than all that is asked of them. */
export type Kept = {
  readonly databaseUrl?: string;
  readonly operation: Operation;
  readonly needles: readonly Needle[];
};

const home = process.env.SCALE_KEEP;

/** Where the hub of this store has its folders; undefined when nothing is kept. */
export function keptFolder(store: string): string | undefined {
  return home === undefined ? undefined : path.join(home, store);
}

export function readKept(store: string): Kept | null {
  const file = fileOf(store);
  if (file === undefined || !fs.existsSync(file)) return null;
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Kept;
}

export function writeKept(store: string, kept: Kept): void {
  const file = fileOf(store);
  if (file !== undefined) fs.writeFileSync(file, JSON.stringify(kept));
}

function fileOf(store: string): string | undefined {
  return home === undefined ? undefined : path.join(home, `${store}.json`);
}
