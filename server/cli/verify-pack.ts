import { hash } from 'node:crypto';
import fs from 'node:fs';
import { crc32 } from 'node:zlib';

import { rebuildBoard } from '#shared/board/rebuild.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { quorumLines } from '#shared/record/export/report.ts';
import type { PackScope } from '#shared/record/pack/about.ts';
import { explainPackFault } from '#shared/record/pack/faults.ts';
import type { PackBytes } from '#shared/record/pack/read-zip.ts';
import { looksLikePack, type PackSummary, type PackVerdict, verifyPack } from '#shared/record/pack/verify.ts';

import type { Terminal } from './terminal.ts';
import { codeOf, type Request, type Told } from './verify-command.ts';

/** Files between two lines of progress. */
const PACE = 20_000;

export function isPack(file: string): boolean {
  const opened = fs.openSync(file, 'r');
  try {
    const head = Buffer.alloc(4);
    const read = fs.readSync(opened, head, 0, head.length, 0);
    return looksLikePack(head.subarray(0, read));
  } finally {
    fs.closeSync(opened);
  }
}

/** Checks a pack on disk, reading one file of it at a time. */
export function verifyPackFile({ file, vkey, witnesses, policy }: Request, terminal: Terminal): Told {
  const opened = fs.openSync(file, 'r');
  try {
    const verdict = verifyPack(bytesOf(opened), {
      ...(vkey === null ? {} : { vkey }),
      ...(policy === null ? {} : { policy }),
      witnesses,
      rebuild: rebuildBoard,
      sha256: (bytes) => hash('sha256', bytes, 'buffer'),
      crc32: (bytes) => crc32(bytes),
      onProgress(done, total) {
        if (done % PACE === 0) terminal.complain(`${done} of ${total} files`);
      },
    });
    return { code: codeOf(verdict), lines: report(verdict) };
  } finally {
    fs.closeSync(opened);
  }
}

function bytesOf(opened: number): PackBytes {
  return {
    length: fs.fstatSync(opened).size,
    subarray(start, end) {
      const bytes = Buffer.alloc(end - start);
      const read = fs.readSync(opened, bytes, 0, bytes.length, start);
      return bytes.subarray(0, read);
    },
  };
}

function report(verdict: PackVerdict): string[] {
  if (verdict.ok) return praise(verdict);
  const { file, entry, reason } = verdict;
  const where = [...(file === null ? [] : [file]), ...(entry === null ? [] : [`entry ${entry}`])].join(', ');
  return [
    `NOT INTACT${where === '' ? '' : ` at ${where}`}: ${explainPackFault(reason)}.`,
    `Reason        ${reason}`,
  ];
}

function praise(pack: PackSummary): string[] {
  const authenticated = pack.signer === 'authenticated';
  const { shown, purged, withheld, boards } = pack;
  return [
    authenticated
      ? 'INTACT: consistent, and signed with the key given.'
      : 'CONSISTENT, signer not authenticated: give the key your desk holds with --key.',
    `Pack          ${pack.id}, ${pack.files} files`,
    `Operation     ${pack.operation}`,
    `For           ${pack.recipient.name}`,
    `Covers        ${sayScope(pack.scope)}`,
    `Record        ${pack.origin}`,
    `Entries       ${shown} shown, ${shown - purged} of them with their content, ${withheld} withheld and proven`,
    `Boards        ${boards.held}, drawn again from their changes and equal`,
    `Size, root    ${pack.size}, ${pack.root}`,
    `Key           ${pack.key}${authenticated ? '' : ' (as the pack states it)'}`,
    ...pack.witnessed.map(({ name, at }) => `Cosigned by   ${name} at ${isoTime(at * 1000)}`),
    ...quorumLines(pack),
  ];
}

/** What a pack of that kind says of what it does not show. */
function sayScope(scope: PackScope): string {
  switch (scope.kind) {
    case 'operation':
      return 'the whole record up to its checkpoint; every entry is accounted for';
    case 'time':
      return `entries ${scope.from} to ${scope.to - 1}; every one of them is accounted for, others are not`;
    case 'objects':
      return `${scope.objects.length} selected; proves that these entries are there, not that there are no others`;
  }
}
