import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';

import { isoTime } from '#shared/kernel/clock.ts';
import { explainFault } from '#shared/record/export/faults.ts';
import { type ExportVerdict, verifyExport } from '#shared/record/export/verify.ts';
import { parseVkey, signatureTypes } from '#shared/record/keys.ts';

/** Where a person reads: results on `print`, progress and problems on `complain`. */
export type Terminal = { print(line: string): void; complain(line: string): void };

/** 0 the record is good, 1 it is not, 2 nothing was checked. */
export type ExitCode = 0 | 1 | 2;

const USAGE = `Usage: verify <export file> [--key <vkey>] [--witness <vkey>]...

Checks an exported record without any network: every byte, every entry, the tree and its signature.
  --key      the log's key as your desk holds it; without it the signer is not authenticated
  --witness  key of a desk that cosigns checkpoints; may be repeated`;
const CHUNK = 1024 * 1024;
/** Entries between two lines of progress. */
const PACE = 100_000;

type Request = { readonly file: string; readonly vkey: string | null; readonly witnesses: readonly string[] };

/** Reads one export as a stream and says in words whether it holds. */
export async function verifyCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const request = parseRequest(args);
  if (typeof request === 'string') {
    terminal.complain(`${request}\n\n${USAGE}`);
    return 2;
  }
  const started = process.hrtime.bigint();
  let verdict: ExportVerdict;
  try {
    verdict = await verifyFile(request, terminal);
  } catch (error) {
    terminal.complain(`${request.file} could not be read: ${error instanceof Error ? error.message : error}`);
    return 2;
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  for (const line of report(verdict, seconds)) terminal.print(line);
  return verdict.ok ? 0 : 1;
}

function parseRequest(args: readonly string[]): Request | string {
  let parsed: { values: { key?: string; witness?: string[] }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' }, witness: { type: 'string', multiple: true } },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [file, ...more] = parsed.positionals;
  const { key, witness = [] } = parsed.values;
  if (file === undefined || more.length > 0) return 'Name one export file.';
  if (key !== undefined && parseVkey(key)?.type !== signatureTypes.log)
    return 'That is not the key of a log.';
  if (witness.some((each) => parseVkey(each)?.type !== signatureTypes.cosigner)) {
    return 'That is not the key of a witness.';
  }
  return { file, vkey: key ?? null, witnesses: witness };
}

async function verifyFile({ file, vkey, witnesses }: Request, terminal: Terminal): Promise<ExportVerdict> {
  let told = 0;
  return verifyExport(createReadStream(file, { highWaterMark: CHUNK }), {
    ...(vkey === null ? {} : { vkey }),
    witnesses,
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    onProgress({ done, total }) {
      if (done - told < PACE) return;
      told = done;
      terminal.complain(`${done} of ${total} entries`);
    },
  });
}

function report(verdict: ExportVerdict, seconds: number): string[] {
  const time = `Checked in    ${seconds.toFixed(1)} s`;
  if (!verdict.ok) {
    const where = verdict.at === null ? `line ${verdict.line}` : `entry ${verdict.at}, line ${verdict.line}`;
    return [
      `NOT INTACT at ${where}: ${explainFault(verdict.reason)}.`,
      `Reason        ${verdict.reason}`,
      time,
    ];
  }
  const { from, size, first, last } = verdict;
  const authenticated = verdict.signer === 'authenticated';
  return [
    authenticated
      ? 'INTACT: consistent, and signed with the key given.'
      : 'CONSISTENT, signer not authenticated: give the key your desk holds with --key.',
    `Record        ${verdict.origin}`,
    `Entries       ${size - from}${from === 0 ? '' : ` (from entry ${from} on)`}`,
    `  shown       ${size - from - verdict.withheld}, ${verdict.opened} of them with their content`,
    `  withheld    ${verdict.withheld}`,
    ...(first === null || last === null ? [] : [`Time          ${isoTime(first)} to ${isoTime(last)}`]),
    `Size, root    ${size}, ${verdict.root}`,
    `Key           ${verdict.key}${authenticated ? '' : ' (as the file states it)'}`,
    ...verdict.witnessed.map(({ name, at }) => `Cosigned by   ${name} at ${isoTime(at * 1000)}`),
    time,
  ];
}
