import { hash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import type { Certificate, Counts, Decider } from '#shared/record/certificate.ts';
import {
  type AgainstExport,
  checkAgainstExport,
  checkCertificate,
  explainCertificateFault,
} from '#shared/record/check-certificate.ts';
import { explainFault } from '#shared/record/export/faults.ts';
import { parseVkey, signatureTypes } from '#shared/record/keys.ts';

import type { Terminal } from './terminal.ts';
import type { ExitCode } from './verify-command.ts';

const USAGE = `Usage: verify certificate <file> --key <vkey> [--export <export file>]

Checks the certificate of a purge without any network.
  --key     the key of the operation's record, as your desk holds it
  --export  an export of the record made after the purge: the certificate is held against its entries`;
const CHUNK = 1024 * 1024;

type Request = { readonly file: string; readonly vkey: string; readonly exported: string | null };

/** Says in words what was destroyed, who decided it, and whether the record bears it out. [LC-23] */
export async function certificateCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const request = parseRequest(args);
  if (typeof request === 'string') {
    terminal.complain(`${request}\n\n${USAGE}`);
    return 2;
  }
  let verdict: AgainstExport;
  try {
    verdict = await check(request);
  } catch (error) {
    terminal.complain(`nothing could be read: ${error instanceof Error ? error.message : error}`);
    return 2;
  }
  for (const line of verdict.ok ? report(verdict.certificate, request) : [problem(verdict)])
    terminal.print(line);
  return verdict.ok ? 0 : 1;
}

async function check({ file, vkey, exported }: Request): Promise<AgainstExport> {
  const note = readFileSync(file, 'utf8');
  if (exported === null) return checkCertificate(note, vkey);
  return checkAgainstExport(note, createReadStream(exported, { highWaterMark: CHUNK }), {
    vkey,
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
  });
}

function parseRequest(args: readonly string[]): Request | string {
  let parsed: { values: { key?: string; export?: string }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' }, export: { type: 'string' } },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [file, ...more] = parsed.positionals;
  const { key, export: exported = null } = parsed.values;
  if (file === undefined || more.length > 0) return 'Name one certificate.';
  if (key === undefined || parseVkey(key)?.type !== signatureTypes.log)
    return 'Give the key of the record with --key.';
  return { file, vkey: key, exported };
}

function problem(verdict: AgainstExport & { ok: false }): string {
  const place = verdict.at === null ? '' : ` at entry ${verdict.at}`;
  if ('line' in verdict)
    return `THE EXPORT IS NOT INTACT${place}, line ${verdict.line}: ${explainFault(verdict.reason)}.`;
  return `NOT GOOD${place}: ${explainCertificateFault(verdict.reason)}.`;
}

function report(certificate: Certificate, { exported }: Request): string[] {
  const { operation, origin, record, below, done, destroyed, asked, confirmed, reason, doneAt } = certificate;
  return [
    exported === null
      ? 'GOOD: signed with the key given. Give an export with --export to hold it against the record.'
      : 'GOOD: signed with the key given, and borne out by the record exported.',
    `Operation     ${operation.name}, ${operation.id}`,
    `Record        ${origin}`,
    `Size, root    ${record.size}, ${record.root}`,
    `Purged        contents of all entries before ${below}, as entry ${done} says, at ${doneAt}`,
    `Asked for by  ${who(asked)}`,
    `Confirmed by  ${who(confirmed)}`,
    `Reason        ${reason}`,
    ...counted('Contents', destroyed.contents),
    ...counted('Rows', destroyed.rows),
  ];
}

function who({ name, desk, country, at }: Decider): string {
  return `${name}, ${desk} (${country}), at ${at}`;
}

function counted(title: string, counts: Counts): string[] {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [
    `${title.padEnd(13)} ${all}`,
    ...Object.entries(counts).map(([what, count]) => `  ${what.padEnd(24)} ${count}`),
  ];
}
