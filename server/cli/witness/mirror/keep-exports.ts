import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

import { explainFault } from '#shared/record/export/faults.ts';
import { verifyExport } from '#shared/record/export/verify.ts';

import type { Terminal } from '../../terminal.ts';
import { exitCodes, type WitnessExit } from '../exit-codes.ts';
import { FolderProblem, type WitnessFolder } from '../folder.ts';

const FOLDER = 'mirror';

/**
 * Keeps exports of officers of the desk: every leaf of the record and every entry they may see. Each is verified whole, its
 * root made anew from its leaves, and it must be the record this witness has seen. [RC-64]
 */
export async function keepExports(
  { dir, files }: { dir: string; files: readonly string[] },
  folder: WitnessFolder,
  terminal: Terminal,
): Promise<WitnessExit> {
  const { pin } = folder.read();
  if (pin === null)
    throw new FolderProblem('This witness has seen nothing yet: run it before it keeps a mirror.');
  const kept = path.join(dir, FOLDER);
  fs.mkdirSync(kept, { recursive: true, mode: 0o700 });
  for (const file of files) {
    const verdict = await verifyExport(fs.createReadStream(file, { highWaterMark: 1024 * 1024 }), {
      vkey: pin.vkey,
      rootAt: pin.size,
      sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    });
    if (!verdict.ok) {
      terminal.complain(
        `NOT KEPT: ${file} is not intact at line ${verdict.line}: ${explainFault(verdict.reason)}.`,
      );
      return exitCodes.unverified;
    }
    if (verdict.size < pin.size || verdict.from > 0) {
      terminal.complain(
        `NOT KEPT: ${file} has entries ${verdict.from} to ${verdict.size - 1}; this witness has seen ${pin.size}. Take a whole export of now.`,
      );
      return exitCodes.wrongCall;
    }
    if (verdict.rootAt !== pin.root) {
      terminal.complain(
        `ALARM: ${file} is signed with the record's key, and is not the record of ${pin.size} entries that this witness has seen. Keep both: ${file} and ${path.join(dir, 'state.json')}.`,
      );
      return exitCodes.forked;
    }
    await copyDurably(file, path.join(kept, `${verdict.size}.jsonl`));
    const shown = verdict.size - verdict.withheld;
    terminal.print(`Kept ${verdict.size} leaves, ${shown} of them with their entries; root ${verdict.root}.`);
  }
  return exitCodes.ended;
}

async function copyDurably(from: string, to: string): Promise<void> {
  const half = `${to}.new`;
  await fs.promises.copyFile(from, half);
  const handle = await fs.promises.open(half, 'r+');
  await handle.sync();
  await handle.close();
  await fs.promises.rename(half, to);
}
