import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { verifyCommand } from '#server/cli/verify-command.ts';
import { LOG_VKEY, linesOf, sixEntries, source, WITNESS_VKEY, witness } from './export-samples.ts';
import { ORIGIN } from './samples.ts';

let folder = '';
const six = source(sixEntries());

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-verify-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function verify(lines: readonly string[], ...options: string[]) {
  const file = join(folder, 'record.jsonl');
  await writeFile(file, lines.join(''));
  return run(file, ...options);
}

async function run(...args: string[]) {
  const [printed, complaints]: [string[], string[]] = [[], []];
  const code = await verifyCommand(args, {
    print: (line) => printed.push(line.replace(/\d+\.\d s/, '0.0 s')),
    complain: (line) => complaints.push(line),
  });
  return { code, printed, complaints };
}

test('[RC-27] a good export is reported with its size, times, root and signer', async () => {
  const lines = await linesOf(six);
  const [, , root] = six.checkpoint.split('\n');
  expect(await verify(lines, '--key', LOG_VKEY, '--witness', WITNESS_VKEY)).toEqual({
    code: 0,
    printed: [
      'INTACT: consistent, and signed with the key given.',
      `Record        ${ORIGIN}`,
      'Entries       6',
      '  shown       5, 4 of them with their content',
      '  withheld    1',
      'Time          2026-11-23T12:00:00.123Z to 2026-11-23T12:00:00.128Z',
      `Size, root    6, ${root}`,
      `Key           ${LOG_VKEY}`,
      `Cosigned by   ${witness.name} at 2026-11-23T12:00:00.000Z`,
      'Checked in    0.0 s',
    ],
    complaints: [],
  });
  const { code, printed } = await verify(lines);
  expect([code, printed[0]]).toEqual([
    0,
    'CONSISTENT, signer not authenticated: give the key your desk holds with --key.',
  ]);
});

test('[RC-27] a bad export is reported with its first bad entry and the reason', async () => {
  const lines = await linesOf(six);
  const altered = lines.map((line, i) => (i === 3 ? line.replace('{"e":"e', '{"e":"f') : line));
  expect(await verify(altered)).toEqual({
    code: 1,
    printed: [
      'NOT INTACT at entry 2, line 4: the line was changed, moved or removed after the export was written.',
      'Reason        line-chain-broken',
      'Checked in    0.0 s',
    ],
    complaints: [],
  });
  const cut = await verify(lines.slice(0, -1));
  expect([cut.code, cut.printed[0]]).toEqual([1, 'NOT INTACT at line 9: the file ends too early.']);
});

test('[RC-27] a wrong call or an unreadable file checks nothing and says so', async () => {
  const wrong = [
    [],
    ['a.jsonl', 'b.jsonl'],
    ['--quick', 'a.jsonl'],
    ['a.jsonl', '--key', 'nonsense'],
    ['a.jsonl', '--key', WITNESS_VKEY],
    ['a.jsonl', '--witness', LOG_VKEY],
    [join(folder, 'absent.jsonl')],
  ];
  for (const args of wrong) expect(await run(...args)).toMatchObject({ code: 2, printed: [] });
});
