import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

import { concatBytes, utf8 } from '#shared/kernel/encoding.ts';
import { crc32 } from '#shared/record/pack/crc32.ts';
import { readZip } from '#shared/record/pack/read-zip.ts';
import { ZipWriter } from '#shared/record/pack/write.ts';

function zipOf(files: readonly (readonly [path: string, text: string])[]): Uint8Array {
  const writer = new ZipWriter('a/');
  const parts = files.flatMap(([path, text]) => [...writer.put({ path, bytes: utf8(text) })]);
  return Buffer.concat([...parts, writer.tail()]);
}

const three = zipOf([
  ['one', 'First'],
  ['two', ''],
  ['three', 'Third'],
]);

test('[RC-71] a zip is read only in the bytes that the writer gives it', () => {
  expect(readZip(three)).toMatchObject({
    ok: true,
    files: [{ name: 'a/one', size: 5 }, { name: 'a/two' }, { name: 'a/three' }],
  });
  for (let at = 0; at < three.length; at++) {
    const changed = Uint8Array.from(three);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    const outcome = readZip(changed);
    const inContent = outcome.ok && outcome.files.some(({ start, size }) => at >= start && at < start + size);
    // Contents are held against their sums later; every other byte is found here.
    expect([at, outcome.ok]).toEqual([at, inContent]);
  }
});

test('[RC-71] bytes before, between and behind, comments, and files twice are refused', () => {
  const middle = 30 + 'a/one'.length + 5;
  const doubled = zipOf([
    ['one', 'First'],
    ['one', 'First'],
  ]);
  const wrong = [
    concatBytes(Uint8Array.of(0), three),
    concatBytes(three, Uint8Array.of(0)),
    concatBytes(three.subarray(0, middle), Uint8Array.of(0), three.subarray(middle)),
    three.subarray(0, -1),
    three.subarray(0, 10),
    new Uint8Array(),
    doubled,
  ];
  for (const bytes of wrong) expect(readZip(bytes).ok).toBe(false);
});

test('[RC-71] more than 65,535 files are no other format, and other programs read it', {
  timeout: 60_000,
}, () => {
  const many = zipOf(Array.from({ length: 66_000 }, (_, at) => [`${at}`, String(at)]));
  const outcome = readZip(many);
  expect(outcome.ok && outcome.files.length).toBe(66_000);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'muster-zip-'));
  const file = path.join(folder, 'many.zip');
  writeFileSync(file, many);
  const script =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(len(z.namelist()), z.testzip(), z.read("a/65999").decode())';
  expect(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' })).toBe('66000 None 65999\n');
  rmSync(folder, { recursive: true });
});

test('[RC-71] sums are those of ISO 3309', () => {
  expect(crc32(utf8('123456789'))).toBe(0xcbf43926);
});
