import fs from 'node:fs';
import path from 'node:path';

import type { LogId } from '#server/platform/facts.ts';
import { equalBytes, hex } from '#shared/kernel/encoding.ts';
import { Fatal } from '#shared/kernel/failures.ts';
import { isId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';
import { type Checkpoint, checkpointText, parseCheckpoint } from '#shared/record/checkpoint.ts';

/**
 * What the signer remembers by itself: the text of the last checkpoint it put its name to, one file a record. It lies
 * apart from the database, so that a restored backup cannot make it forget. [RC-34] [RC-35]
 */
export type LastSigned = {
  /** The records it remembers. */
  logs(): LogId[];
  /** null when nothing of this record was ever signed. Throws `Fatal` when it cannot be read. */
  read(log: LogId): Checkpoint | null;
  /** On disk once it resolves. Throws `Fatal` when a larger tree, or another root of the same size, is remembered. */
  keep(log: LogId, checkpoint: Checkpoint): Promise<void>;
};

const FOLDER = 'last-signed';

export function openLastSigned(signerFolder: string, random: Random): LastSigned {
  const folder = path.join(signerFolder, FOLDER);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (log: LogId) => path.join(folder, log);
  const read = (log: LogId) => readOne(fileOf(log));

  return {
    logs: () => fs.readdirSync(folder).filter(isLogId),
    read,
    async keep(log, checkpoint) {
      const half = path.join(folder, `.${log}-${hex(random.bytes(8))}`);
      await writeThrough(half, checkpointText(checkpoint));
      // GAP(signer): between this look and the rename another process on the same folder could write; the compare and
      // set in the store still holds then, and the next round writes the larger one again.
      refuseBackwards(read(log), checkpoint);
      fs.renameSync(half, fileOf(log));
      await syncFolder(folder);
    },
  };
}

/** Throws `Fatal` when signing `next` after `last` would show two different records. [RC-34] */
export function refuseBackwards(last: Checkpoint | null, next: Checkpoint): void {
  if (last === null) return;
  if (last.origin !== next.origin) throw new Fatal(`the record was ${last.origin} and is now ${next.origin}`);
  if (next.size < last.size) {
    throw new Fatal(`the record was signed with ${last.size} entries and now holds ${next.size}`);
  }
  if (next.size === last.size && !equalBytes(next.root, last.root)) {
    throw new Fatal(`the first ${last.size} entries are not those that were signed`);
  }
}

function readOne(file: string): Checkpoint | null {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return null;
    throw new Fatal(`the last signed checkpoint ${file} cannot be read`, { cause: error });
  }
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === null) throw new Fatal(`the last signed checkpoint ${file} is damaged`);
  return checkpoint;
}

async function writeThrough(file: string, text: string): Promise<void> {
  const handle = await fs.promises.open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await fs.promises.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isLogId(name: string): name is LogId {
  return name === 'hub' || isId(name);
}
