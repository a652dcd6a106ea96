import fs from 'node:fs';
import { parseArgs } from 'node:util';

import { isId } from '#shared/kernel/ids.ts';
import { parseVkey, signatureTypes } from '#shared/record/keys.ts';
import { cosignerName } from '#shared/record/witness/names.ts';

import { hubAddress } from './hub-client.ts';

export const USAGE = `Usage: muster witness new    --dir <folder> --operation <id> --desk <code>
       muster witness run    --dir <folder> --hub <https address> [--log-key <vkey>] [--every <seconds>] [--once]
                             [--credential-file <file>]
       muster witness mirror --dir <folder> --hub <https address> [--every <seconds>] [--once] [--credential-file <file>]
       muster witness mirror --dir <folder> <export file>...

Watches the record of one operation for your desk, and the hub's own: checks that they only ever grow, and cosigns what it
has checked.
  new     makes a key, to be registered for your desk in the room
  run     needs the credential given at registration, in MUSTER_WITNESS_CREDENTIAL or in a file of mode 0600
  mirror  keeps what your desk may see of the record, and the leaf hashes of the rest, checked against what this witness
          has seen: part by part from the hub, going on where it stopped; or exports that an officer took`;

export type Request =
  | { readonly does: 'new'; readonly dir: string; readonly operation: string; readonly name: string }
  | ({
      readonly does: 'run';
      readonly dir: string;
      readonly logKey: { readonly vkey: string; readonly origin: string } | null;
    } & Asked)
  | ({ readonly does: 'mirror'; readonly dir: string } & Asked)
  | { readonly does: 'keep'; readonly dir: string; readonly files: readonly string[] };

/** Of which hub, as whom, and how often. */
type Asked = {
  readonly hub: URL;
  readonly credential: string;
  readonly every: number;
  readonly once: boolean;
};

const options = {
  dir: { type: 'string' },
  operation: { type: 'string' },
  desk: { type: 'string' },
  hub: { type: 'string' },
  'log-key': { type: 'string' },
  every: { type: 'string' },
  once: { type: 'boolean', default: false },
  'credential-file': { type: 'string' },
} as const;

type Env = Readonly<Record<string, string | undefined>>;

/** The request, or what is wrong with it. */
export function readRequest(args: readonly string[], env: Env): Request | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [does, ...files] = positionals;
  const { dir } = values;
  if (dir === undefined) return 'Name the folder of the witness with --dir.';
  if (does === 'mirror' && values.hub === undefined) {
    if (files.length === 0) return 'Name the hub with --hub, or the export files to keep.';
    return { does: 'keep', dir, files };
  }
  if (files.length > 0) return `What is ${files[0]}?`;
  if (does === 'new') return readNew(dir, values);
  if (does === 'run') return readRun(dir, values, env);
  if (does !== 'mirror') return 'Say what to do: new, run or mirror.';
  const asked = readAsked(values, env, 60);
  return typeof asked === 'string' ? asked : { does, dir, ...asked };
}

function parse(args: readonly string[]) {
  return parseArgs({ args: [...args], allowPositionals: true, options });
}

type Values = ReturnType<typeof parse>['values'];

function readNew(dir: string, { operation, desk }: Values): Request | string {
  if (!isId(operation)) return 'Name the operation with --operation: 32 hexadecimal digits.';
  if (desk === undefined || !/^[A-Z0-9-]{2,12}$/.test(desk))
    return 'Name your desk with --desk, by its code.';
  return { does: 'new', dir, operation, name: cosignerName('witness', desk) };
}

function readRun(dir: string, values: Values, env: Env): Request | string {
  const asked = readAsked(values, env, 5);
  if (typeof asked === 'string') return asked;
  const given = values['log-key'];
  const key = given === undefined ? null : parseVkey(given);
  if (given !== undefined && key?.type !== signatureTypes.log) return 'That is not the key of a log.';
  const logKey = given === undefined || key === null ? null : { vkey: given, origin: key.name };
  return { does: 'run', dir, logKey, ...asked };
}

function readAsked(values: Values, env: Env, usual: number): Asked | string {
  const hub = hubAddress(values.hub ?? '');
  if (hub === null) return 'Name the hub with --hub: an https address, or http on this machine.';
  const every = Number(values.every ?? usual);
  if (!(every >= 1 && every <= 3600)) return '--every takes 1 to 3600 seconds.';
  const credential = readCredential(values['credential-file'], env);
  if (credential.startsWith('!')) return credential.slice(1);
  return { hub, credential, every: every * 1000, once: values.once };
}

/** The credential; a text that begins with `!` is what is wrong with it. Never taken from the command line, which others can read. */
function readCredential(file: string | undefined, env: Env): string {
  let text = env.MUSTER_WITNESS_CREDENTIAL ?? '';
  if (file !== undefined) {
    if (!fs.existsSync(file)) return `!${file} is not there.`;
    if ((fs.statSync(file).mode & 0o077) !== 0)
      return `!${file} may be read by others. Set its mode to 0600.`;
    text = fs.readFileSync(file, 'utf8');
  }
  return /^[A-Za-z0-9_-]{43}$/.test(text.trim())
    ? text.trim()
    : '!The credential is missing or damaged: set MUSTER_WITNESS_CREDENTIAL, or name a file with --credential-file.';
}
