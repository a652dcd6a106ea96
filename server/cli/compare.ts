import { hash } from 'node:crypto';
import { closeSync, createReadStream, openSync, readFileSync, readSync } from 'node:fs';

import { base64, fromBase64 } from '#shared/kernel/encoding.ts';
import type { Checkpoint } from '#shared/record/checkpoint.ts';
import { explainFault } from '#shared/record/export/faults.ts';
import { type ExportVerdict, verifyExport } from '#shared/record/export/verify.ts';
import { formatVkey, parseVkey } from '#shared/record/keys.ts';
import { compareCheckpoints } from '#shared/record/witness/compare.ts';
import { readStatements } from '#shared/record/witness/statements.ts';
import { readSigned } from '#shared/record/witness/watch.ts';

import type { Terminal } from './terminal.ts';
import type { ExitCode } from './verify-command.ts';

type Side = {
  readonly file: string;
  readonly vkey: string;
  readonly checkpoint: Checkpoint;
  /** The file shows the entries from the first on, so roots of earlier sizes can be made from it. */
  readonly isExport: boolean;
};

/** Whether two files about one record can both be true: exports, bare checkpoints, or a witness's state or evidence. [RC-69] */
export async function compareCommand(
  { files, vkey }: { files: readonly [string, string]; vkey: string | null },
  terminal: Terminal,
): Promise<ExitCode> {
  const sides: Side[] = [];
  for (const file of files) {
    const read = await readSides(file, vkey);
    if (typeof read === 'string') {
      terminal.complain(`${file}: ${read}`);
      return 2;
    }
    sides.push(...read);
  }
  const codes: ExitCode[] = [];
  for (const [first, ...others] of byRecord(sides)) {
    for (const other of others)
      codes.push(first === undefined ? 2 : await comparePair(first, other, terminal));
  }
  if (codes.length === 0) terminal.complain('The two are about different records.');
  return codes.includes(1) ? 1 : codes.includes(2) || codes.length === 0 ? 2 : 0;
}

/** A witness's state speaks of two records: only what is about one record is compared. */
function byRecord(sides: readonly Side[]): readonly (readonly Side[])[] {
  const names = [...new Set(sides.map(({ checkpoint }) => checkpoint.origin))];
  return names.map((name) => sides.filter(({ checkpoint }) => checkpoint.origin === name));
}

async function comparePair(a: Side, b: Side, terminal: Terminal): Promise<ExitCode> {
  for (const side of [a, b]) terminal.print(`${sizeOf(side)}  ${side.file}`);
  if (a.vkey !== b.vkey) {
    terminal.print('CONTRADICTION: the two are signed with different keys of one name.');
    return 1;
  }
  const [smaller, larger] = a.checkpoint.size <= b.checkpoint.size ? [a, b] : [b, a];
  const root = larger.isExport ? await rootAt(larger.file, smaller.checkpoint.size) : null;
  const compared = compareCheckpoints(a.checkpoint, b.checkpoint, root);
  switch (compared.verdict) {
    case 'agree':
      terminal.print(`AGREE: the larger one begins with the ${compared.at} entries of the smaller.`);
      return 0;
    case 'contradict':
      terminal.print(
        `CONTRADICTION: the holder of this key signed two different records of ${compared.at} entries.`,
      );
      terminal.print(`Key           ${a.vkey}`);
      return 1;
    case 'undecided':
      terminal.complain(
        compared.why === 'other-record'
          ? 'The two are about different records.'
          : 'Undecided: the larger one shows no entries. Compare with an export of that size.',
      );
      return 2;
  }
}

function sizeOf({ checkpoint }: Side): string {
  return `Size, root    ${checkpoint.size}, ${base64(checkpoint.root)}`;
}

async function readSides(file: string, vkey: string | null): Promise<Side[] | string> {
  try {
    return startsAsExport(file) ? await readExport(file, vkey) : readNotes(file, vkey);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function startsAsExport(file: string): boolean {
  const head = Buffer.alloc(64);
  const handle = openSync(file, 'r');
  const read = readSync(handle, head);
  closeSync(handle);
  return head.subarray(0, read).toString('utf8').startsWith('{"format":"muster-export/1"');
}

async function readExport(file: string, vkey: string | null): Promise<Side[] | string> {
  const verdict = await verified(file, vkey === null ? {} : { vkey });
  if (!verdict.ok) return `not intact at line ${verdict.line}: ${explainFault(verdict.reason)}`;
  const root = fromBase64(verdict.root);
  if (root === null) return 'no root';
  const { origin, size, key } = verdict;
  return [{ file, vkey: key, checkpoint: { origin, size, root }, isExport: true }];
}

function readNotes(file: string, vkey: string | null): Side[] | string {
  const statements = readStatements(readFileSync(file, 'utf8'));
  if (statements.length === 0) return 'neither an export nor a signed checkpoint';
  const sides: Side[] = [];
  for (const { note, vkey: stated } of statements) {
    const key = parseVkey(vkey ?? stated ?? '');
    if (key === null) return 'the key of the log is not in the file: give it with --key';
    const checkpoint = readSigned(note, key);
    if (typeof checkpoint === 'string') return `the checkpoint does not verify: ${checkpoint}`;
    sides.push({ file, vkey: formatVkey(key), checkpoint, isExport: false });
  }
  return sides;
}

async function rootAt(file: string, size: number): Promise<Uint8Array | null> {
  const verdict = await verified(file, { rootAt: size });
  return verdict.ok && verdict.rootAt !== null ? fromBase64(verdict.rootAt) : null;
}

function verified(file: string, options: { vkey?: string; rootAt?: number }): Promise<ExportVerdict> {
  const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'buffer');
  return verifyExport(createReadStream(file, { highWaterMark: 1024 * 1024 }), { ...options, sha256 });
}
