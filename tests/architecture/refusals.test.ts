import { expect, test } from 'vitest';

import { refusals } from '#shared/kernel/refusals.ts';

import { readText, sourceUnder } from './source.ts';

const page = readText('docs/protocol/refusals.md');
const rows = [...page.matchAll(/^\| `([^`]+)` \| (\d+) \| (\d+) \| (yes)? ?\| (.+?) \|$/gm)].map(
  ([, code, status, close, onRecord, sentence]) => ({
    code,
    status: Number(status),
    close: Number(close),
    onRecord: onRecord === 'yes',
    sentence,
  }),
);
const catalogue = Object.entries(refusals).map(([code, kind]) => ({
  code,
  status: kind.status,
  close: kind.close,
  onRecord: kind.onRecord === true,
  sentence: kind.sentence,
}));

test('[RF-1] the page lists every refusal with its status, close code and sentence, in the order of the catalogue', () => {
  expect(rows).toEqual(catalogue);
});

test('[RF-2] a code, once given, keeps its status and close code within the known classes', () => {
  const odd = catalogue.filter(
    ({ status, close }) =>
      status < 400 || status > 599 || !(close >= 4400 || [1011, 1012, 1013].includes(close)),
  );
  expect(odd).toEqual([]);
});

test('[RF-3] every code of the catalogue is used somewhere', () => {
  const code = sourceUnder('shared', 'server', 'client')
    .filter(({ path }) => path !== 'shared/kernel/refusals.ts')
    .map(({ text }) => text)
    .join('\n');
  const unused = catalogue
    .filter(({ code: name }) => !code.includes(`'${name}'`))
    .map(({ code: name }) => name);
  expect(unused).toEqual([]);
});
