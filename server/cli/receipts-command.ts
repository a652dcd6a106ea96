import { createReadStream, readFileSync } from 'node:fs';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { z } from 'zod';

import { base64 } from '#shared/kernel/encoding.ts';
import { explainFault } from '#shared/record/export/faults.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import { type NoteKey, parseVkey } from '#shared/record/keys.ts';
import { readReceipt } from '#shared/record/receipt-check.ts';

import type { Terminal } from './terminal.ts';
import type { ExitCode } from './verify-command.ts';

const USAGE = `Usage: receipts <receipts file> <export file> --key <vkey> --receipt-key <vkey>...

Checks without any network that a record keeps what its hub's receipts promised.
  <receipts file>  a JSON list of receipts, as the room saves them
  --key            the log's key as your desk holds it
  --receipt-key    a key under which the hub gives receipts; may be repeated`;

/** One place that a receipt promises, and which of the receipts it is. */
type Promised = { readonly leaf: string; readonly receipt: number };

/** Says for every receipt whether the export bears it out. Ends with 1 when one is broken, or not covered. [RC-55] */
export async function receiptsCommand(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await check(request(args), terminal);
  } catch (error) {
    terminal.complain(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
}

type Request = {
  readonly notes: readonly string[];
  readonly file: string;
  readonly vkey: string;
  readonly keys: readonly NoteKey[];
};

function request(args: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { key: { type: 'string' }, 'receipt-key': { type: 'string', multiple: true } },
  });
  const [receipts, file, ...more] = positionals;
  if (receipts === undefined || file === undefined || more.length > 0)
    throw new Error('Name a file of receipts and an export.');
  const keys = (values['receipt-key'] ?? []).map(parseVkey).filter((key) => key !== null);
  if (values.key === undefined || keys.length !== values['receipt-key']?.length)
    throw new Error('Give --key, and --receipt-key with a key in verifier form.');
  const notes = z
    .array(z.string())
    .min(1)
    .parse(JSON.parse(readFileSync(receipts, 'utf8')));
  return { notes, file, vkey: values.key, keys };
}

async function check({ notes, file, vkey, keys }: Request, terminal: Terminal): Promise<ExitCode> {
  const verdict = await verifyExport(createReadStream(file), { vkey });
  if (!verdict.ok) {
    terminal.print(`The export is not intact at line ${verdict.line}: ${explainFault(verdict.reason)}.`);
    return 1;
  }
  const promised = new Map<number, Promised[]>();
  let broken = 0;
  const fail = (text: string) => {
    broken += 1;
    terminal.print(text);
  };
  for (const [at, note] of notes.entries()) {
    const read = readReceipt(note, keys);
    if (!read.ok) fail(`Receipt ${at + 1} proves nothing: ${read.reason}.`);
    else if (read.receipt.origin !== verdict.origin) fail(`Receipt ${at + 1} is of ${read.receipt.origin}.`);
    else
      for (const { index, leaf } of read.receipt.entries)
        promised.set(index, [...(promised.get(index) ?? []), { leaf: base64(leaf), receipt: at + 1 }]);
  }
  let kept = 0;
  for await (const [index, leaf] of leavesOf(file, verdict.from)) {
    for (const one of promised.get(index) ?? []) {
      if (one.leaf === leaf) kept += 1;
      else fail(`Receipt ${one.receipt}: entry ${index} is not what was acknowledged.`);
    }
    promised.delete(index);
  }
  for (const [index, missing] of promised)
    for (const { receipt } of missing) fail(`Receipt ${receipt}: entry ${index} is not in this export.`);
  terminal.print(`${kept} acknowledged entries stand in ${verdict.origin}; ${broken} promises are broken.`);
  return broken === 0 ? 0 : 1;
}

/** Place and leaf hash of every line that has one. The file has been verified whole. */
async function* leavesOf(file: string, from: number): AsyncGenerator<[index: number, leaf: string]> {
  const line = z.object({ h: z.string() });
  let index = from;
  for await (const text of readline.createInterface({ input: createReadStream(file) })) {
    const read = line.safeParse(JSON.parse(text));
    if (!read.success) continue;
    yield [index, read.data.h];
    index += 1;
  }
}
