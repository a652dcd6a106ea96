import { hash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { reportOf } from '#shared/record/export/report.ts';
import { type ExportVerdict, verifyExport } from '#shared/record/export/verify.ts';
import { parseVkey, signatureTypes } from '#shared/record/keys.ts';
import { type Policy, parsePolicy } from '#shared/record/witness/policy.ts';

import { compareCommand } from './compare.ts';
import type { Terminal } from './terminal.ts';
import { isMirror, verifyMirror } from './verify-mirror.ts';
import { isPack, verifyPackFile } from './verify-pack.ts';

/** 0 the record is good, 1 it is not, 2 nothing was checked, 3 it is good but the quorum has not cosigned it. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Whether what was checked is good, and what there is to say of it. */
export type Told = { readonly code: ExitCode; readonly lines: readonly string[] };

const USAGE = `Usage: verify <export, evidence pack or folder of a mirror> [--key <vkey>] [--witness <vkey>]... [--policy <file>]
       verify <file> --against <file> [--key <vkey>]

Checks an exported record or an evidence pack without any network: every byte, every entry, the tree and its signature.
  --key      the log's key as your desk holds it; without it the signer is not authenticated
  --witness  key of a desk that cosigns checkpoints; may be repeated
  --policy   the quorum policy as your desk holds it: who must have cosigned, and the log's key
  --against  another export, checkpoint or evidence file of the same record: do they contradict each other?`;
const CHUNK = 1024 * 1024;
/** Entries between two lines of progress. */
const PACE = 100_000;

/** What a file is checked with. */
export type Request = {
  readonly file: string;
  readonly vkey: string | null;
  readonly witnesses: readonly string[];
  readonly policy: Policy | null;
  readonly against: string | null;
};

/** Reads one export as a stream and says in words whether it holds. */
export async function verifyCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const request = parseRequest(args);
  if (typeof request === 'string') {
    terminal.complain(`${request}\n\n${USAGE}`);
    return 2;
  }
  const { file, vkey, against } = request;
  if (against !== null) return compareCommand({ files: [file, against], vkey }, terminal);
  const started = process.hrtime.bigint();
  let told: Told;
  try {
    told = await toldOf(request, terminal);
  } catch (error) {
    terminal.complain(`${request.file} could not be read: ${error instanceof Error ? error.message : error}`);
    return 2;
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  for (const line of told.lines) terminal.print(line);
  terminal.print(`Checked in    ${seconds.toFixed(1)} s`);
  return told.code;
}

function toldOf(request: Request, terminal: Terminal): Promise<Told> | Told {
  if (isMirror(request.file)) return verifyMirrorFolder(request, terminal);
  return isPack(request.file) ? verifyPackFile(request, terminal) : verifyExportFile(request, terminal);
}

async function verifyMirrorFolder(request: Request, terminal: Terminal): Promise<Told> {
  const { verdict, part, parts } = await verifyMirror(request.file, (file, rootAt) =>
    verifyFile({ ...request, file }, terminal, rootAt),
  );
  if (verdict === null) return { code: 2, lines: ['There is no part of a mirror in this folder.'] };
  const about = part === null ? `Mirror        ${parts} parts` : `In            ${part}`;
  return { code: codeOf(verdict), lines: [...reportOf(verdict), about] };
}

async function verifyExportFile(request: Request, terminal: Terminal): Promise<Told> {
  const verdict = await verifyFile(request, terminal);
  return { code: codeOf(verdict), lines: reportOf(verdict) };
}

/** [RC-27] */
export function codeOf(
  verdict: { readonly ok: false } | { readonly ok: true; readonly quorum: { readonly met: boolean } | null },
): ExitCode {
  if (!verdict.ok) return 1;
  return verdict.quorum?.met === false ? 3 : 0;
}

function parseRequest(args: readonly string[]): Request | string {
  let parsed: {
    values: { key?: string; witness?: string[]; policy?: string; against?: string };
    positionals: string[];
  };
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        key: { type: 'string' },
        witness: { type: 'string', multiple: true },
        policy: { type: 'string' },
        against: { type: 'string' },
      },
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const [file, ...more] = parsed.positionals;
  const { key, witness = [], against = null } = parsed.values;
  if (file === undefined || more.length > 0) return 'Name one export or pack.';
  if (key !== undefined && parseVkey(key)?.type !== signatureTypes.log)
    return 'That is not the key of a log.';
  if (witness.some((each) => parseVkey(each)?.type !== signatureTypes.cosigner)) {
    return 'That is not the key of a witness.';
  }
  const policy = parsed.values.policy === undefined ? null : readPolicy(parsed.values.policy);
  if (typeof policy === 'string') return policy;
  return { file, vkey: key ?? null, witnesses: witness, policy, against };
}

/** The policy, or why there is none. */
function readPolicy(file: string): Policy | string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return `The policy could not be read: ${error instanceof Error ? error.message : error}`;
  }
  const read = parsePolicy(text);
  return read.ok ? read.policy : `The policy is not one: line ${read.line}, ${read.reason}.`;
}

async function verifyFile(
  { file, vkey, witnesses, policy }: Request,
  terminal: Terminal,
  rootAt?: number,
): Promise<ExportVerdict> {
  let told = 0;
  return verifyExport(createReadStream(file, { highWaterMark: CHUNK }), {
    ...(vkey === null ? {} : { vkey }),
    ...(policy === null ? {} : { policy }),
    ...(rootAt === undefined ? {} : { rootAt }),
    witnesses,
    sha256: (bytes) => hash('sha256', bytes, 'buffer'),
    onProgress({ done, total }) {
      if (done - told < PACE) return;
      told = done;
      terminal.complain(`${done} of ${total} entries`);
    },
  });
}
