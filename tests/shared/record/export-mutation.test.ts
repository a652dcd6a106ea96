import { beforeAll, expect, test } from 'vitest';

import { concatBytes, utf8 } from '#shared/kernel/encoding.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import { LOG_VKEY, linesOf, sixEntries, source } from './export-samples.ts';

const ENTRIES = 6;
let lines: Uint8Array[] = [];

beforeAll(async () => {
  lines = (await linesOf(source(sixEntries()))).map(utf8);
});

/** The entry on line `line` (from 0), if that line holds one. */
function entryOn(line: number): number | null {
  return line >= 1 && line <= ENTRIES ? line - 1 : null;
}

async function verdictOn(file: readonly Uint8Array[], vkey?: string) {
  const verdict = await verifyExport([concatBytes(...file)], vkey === undefined ? {} : { vkey });
  return verdict.ok ? 'accepted' : { at: verdict.at, line: verdict.line };
}

async function flipEveryByte(mask: number, vkey?: string): Promise<string[]> {
  const missed: string[] = [];
  const file = concatBytes(...lines);
  let at = 0;
  for (const [line, { length }] of lines.entries()) {
    for (const end = at + length; at < end; at++) {
      file[at] = (file[at] ?? 0) ^ mask;
      const verdict = await verifyExport([file], vkey === undefined ? {} : { vkey });
      file[at] = (file[at] ?? 0) ^ mask;
      const named = !verdict.ok && verdict.at === entryOn(line) && verdict.line === line + 1;
      if (!named) missed.push(`byte ${at} on line ${line + 1}: ${JSON.stringify(verdict)}`);
    }
  }
  return missed;
}

test('[RC-19] [RC-20] every byte flipped is found, and its entry named', { timeout: 120_000 }, async () => {
  for (const mask of [0x01, 0x20, 0x80]) expect(await flipEveryByte(mask)).toEqual([]);
});

test('[RC-19] [RC-20] every byte flipped is found with the key given, too', {
  timeout: 120_000,
}, async () => {
  expect(await flipEveryByte(0x04, LOG_VKEY)).toEqual([]);
});

test('[RC-20] a line dropped, doubled or swapped is named where it first shows', async () => {
  for (const line of lines.keys()) {
    const next = { at: entryOn(line + 1), line: line + 2 };
    const here = { at: entryOn(line), line: line + 1 };
    const [before, it, after] = [lines.slice(0, line), lines.slice(line, line + 1), lines.slice(line + 1)];
    expect(await verdictOn([...before, ...after])).toEqual(here);
    expect(await verdictOn([...before, ...it, ...it, ...after])).toEqual(next);
    if (after.length > 0) {
      expect(await verdictOn([...before, ...after.slice(0, 1), ...it, ...after.slice(1)])).toEqual(here);
    }
  }
});

test('[RC-19] a file cut off at any byte is refused on the line that is cut', async () => {
  const file = concatBytes(...lines);
  const ends = lines.map((_, line) => concatBytes(...lines.slice(0, line + 1)).length);
  for (let length = 0; length < file.length; length++) {
    const line = ends.findIndex((end) => length < end);
    expect(await verdictOn([file.subarray(0, length)])).toEqual({ at: entryOn(line), line: line + 1 });
  }
});

test('[RC-19] anything after the seal is refused', async () => {
  for (const tail of ['\n', ' ', '{}', '{}\n', '\u0000']) {
    expect(await verdictOn([...lines, utf8(tail)])).toEqual({ at: null, line: lines.length + 1 });
  }
});

test('[RC-19] the same lines in another spelling are refused', async () => {
  const text = lines.map((line) => new TextDecoder().decode(line));
  const respelled = {
    'carriage returns': text.map((line) => line.replace('\n', '\r\n')),
    'a space': text.map((line, i) => (i === 3 ? line.replace('{', '{ ') : line)),
    'a byte order mark': text.map((line, i) => (i === 0 ? `\ufeff${line}` : line)),
    'an extra member': text.map((line, i) => (i === 3 ? line.replace('{', '{"a":1,') : line)),
  };
  for (const [name, file] of Object.entries(respelled)) {
    expect([name, await verdictOn(file.map(utf8))]).not.toContain('accepted');
  }
});
