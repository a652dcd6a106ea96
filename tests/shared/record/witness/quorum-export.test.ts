import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { verifyCommand } from '#server/cli/verify-command.ts';
import { checkpointText, signCheckpoint } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import type { ExportSource } from '#shared/record/export/write.ts';
import { noteKey, type Signer, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { Frontier } from '#shared/record/tree.ts';
import { parsePolicy, writePolicy } from '#shared/record/witness/policy.ts';
import { linesOf, log, sixEntries, source, WITNESSED_AT } from '../export-samples.ts';
import { ORIGIN } from '../samples.ts';

const names = ['witness/FR', 'witness/SG', 'witness/TH', 'officer-browser/SG'] as const;
const [fr, sg, th, browser] = names.map((name, at) =>
  signerFromSeed(name, new Uint8Array(32).fill(20 + at)),
) as [Signer, Signer, Signer, Signer];
const keyOf = (signer: Signer) => noteKey(signer, signatureTypes.cosigner);
const policyText = writePolicy([noteKey(log, signatureTypes.log)], [fr, sg, th].map(keyOf), 2);
const read = parsePolicy(policyText);
if (!read.ok) throw new Error(read.reason);
const { policy } = read;

const entries = sixEntries();
function noteAt(size: number, by: readonly Signer[]): string {
  const tree = new Frontier();
  for (const { leaf } of entries.slice(0, size)) tree.append(leaf);
  const checkpoint = { origin: ORIGIN, size, root: tree.root() };
  const lines = by.map((signer) => cosign(signer, checkpointText(checkpoint), WITNESSED_AT));
  return signCheckpoint(log, checkpoint) + lines.join('');
}
const exported = (change: Partial<ExportSource>) => linesOf(source(entries, change));

let folder: string;
beforeAll(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-quorum-'));
  await fs.writeFile(path.join(folder, 'policy.txt'), policyText);
});
afterAll(() => fs.rm(folder, { recursive: true }));

async function run(lines: readonly string[], ...args: string[]) {
  const file = path.join(folder, 'record.jsonl');
  await fs.writeFile(file, lines.join(''));
  const printed: string[] = [];
  const code = await verifyCommand([file, ...args], {
    print: (line) => printed.push(line),
    complain: (line) => printed.push(line),
  });
  return { code, printed: printed.join('\n') };
}
const withPolicy = () => ['--policy', path.join(folder, 'policy.txt')];

test('[RC-67] the checkpoint the quorum cosigned stands after its last entry, and is weighed when the last one is not cosigned', async () => {
  const lines = await exported({
    checkpoint: noteAt(6, [fr]),
    cosigned: { size: 4, note: noteAt(4, [fr, th]) },
  });
  expect(lines.map((line) => Object.keys(JSON.parse(line))[0])).toEqual([
    'format',
    'e',
    'e',
    'e',
    'h',
    'checkpoint',
    'e',
    'e',
    'checkpoint',
    'seal',
  ]);
  expect(await verifyExport(lines, { policy })).toMatchObject({
    ok: true,
    signer: 'authenticated',
    quorum: { met: true, size: 4, at: WITNESSED_AT, need: 2, of: 3, missing: ['witness/SG'] },
  });
  const { code, printed } = await run(lines, ...withPolicy());
  expect(code).toBe(0);
  expect(printed).toContain(
    "covers      the first 4 entries; 2 after them rest on the log's signature alone",
  );
});

test('[RC-66] [RC-67] without the quorum a good record ends with 3, and a browser does not help', async () => {
  for (const by of [[], [fr], [fr, browser]]) {
    const { code, printed } = await run(await exported({ checkpoint: noteAt(6, by) }), ...withPolicy());
    expect([code, /Quorum {8}NOT MET/.test(printed)]).toEqual([3, true]);
  }
  const { code } = await run(await exported({ checkpoint: noteAt(6, [sg, th, browser]) }), ...withPolicy());
  expect(code).toBe(0);
});

test('[RC-67] a cosigned checkpoint of another tree, place, log or number is refused', async () => {
  const other = signerFromSeed(ORIGIN, new Uint8Array(32).fill(99));
  const wrong = signCheckpoint(log, { origin: ORIGIN, size: 4, root: new Uint8Array(32) });
  const foreign = signCheckpoint(other, { origin: ORIGIN, size: 4, root: new Uint8Array(32) });
  const bent = noteAt(4, [fr]).replace(/(witness\/FR .{40})./, '$1A');
  const cases = [
    [{ size: 4, note: wrong }, 'root-mismatch'],
    [{ size: 4, note: noteAt(5, [fr, th]) }, 'checkpoint-differs'],
    [{ size: 4, note: foreign }, 'note-no-known-signer'],
    [{ size: 4, note: bent }, 'note-bad-signature'],
  ] as const;
  for (const [cosigned, reason] of cases)
    expect(await verifyExport(await exported({ cosigned }), { policy })).toMatchObject({
      ok: false,
      reason,
      line: 6,
    });
});

test('[RC-67] a policy about another log, or none at all, checks nothing', async () => {
  const lines = await exported({ checkpoint: noteAt(6, [fr, th]) });
  const other = noteKey(signerFromSeed(ORIGIN, new Uint8Array(32).fill(99)), signatureTypes.log);
  const foreign = parsePolicy(writePolicy([other], [keyOf(fr)], 1));
  if (!foreign.ok) throw new Error(foreign.reason);
  expect(await verifyExport(lines, { policy: foreign.policy })).toMatchObject({
    ok: false,
    reason: 'key-differs',
  });
  await fs.writeFile(path.join(folder, 'bad.txt'), 'quorum nobody\n');
  expect(await run(lines, '--policy', path.join(folder, 'bad.txt'))).toMatchObject({ code: 2 });
  expect(await run(lines, '--policy', path.join(folder, 'absent.txt'))).toMatchObject({ code: 2 });
});

test('[RC-69] two exports are compared at the size of the smaller, whatever they withhold', async () => {
  const small = path.join(folder, 'small.jsonl');
  const first = entries.slice(0, 4);
  await fs.writeFile(small, (await linesOf(source(first))).join(''));
  const all = await exported({});
  expect(await run(all, '--against', small)).toMatchObject({ code: 0 });
  const changed = [...first.slice(0, 3), { leaf: new Uint8Array(32).fill(5) }];
  await fs.writeFile(small, (await linesOf(source(changed))).join(''));
  const compared = await run(all, '--against', small);
  expect(compared.code).toBe(1);
  expect(compared.printed).toContain(
    'CONTRADICTION: the holder of this key signed two different records of 4 entries.',
  );
  const note = path.join(folder, 'note.txt');
  await fs.writeFile(note, noteAt(4, [fr]));
  expect(await run(all, '--against', note, '--key', JSON.parse(all[0] ?? '').key)).toMatchObject({ code: 0 });
  const undecided = await run([noteAt(6, [])], '--against', note, '--key', JSON.parse(all[0] ?? '').key);
  expect(undecided).toMatchObject({ code: 2 });
  expect(undecided.printed).toContain('Undecided');
});
