import path from 'node:path';
import { expect, test } from 'vitest';

import { filesUnder, readText } from './source.ts';

const LIMIT = 400;
const LOOK_AGAIN = 250;

const files = ['shared', 'server', 'client', 'tests', 'scripts'].flatMap((folder) =>
  filesUnder(folder, /\.(tsx?|mjs|css|sql)$/),
);
const sized = files.map((file) => ({ file, lines: readText(file).split('\n').length - 1 }));

test(`no file is longer than ${LIMIT} lines`, ({ annotate }) => {
  const long = sized.filter(({ lines }) => lines > LOOK_AGAIN).sort((a, b) => b.lines - a.lines);
  if (long.length > 0)
    void annotate(`over ${LOOK_AGAIN}: ${long.map(({ file, lines }) => `${file} (${lines})`).join(', ')}`);
  expect(long.filter(({ lines }) => lines > LIMIT)).toEqual([]);
});

test('file names are kebab-case', () => {
  const odd = files
    .map((file) => path.basename(file))
    .filter((name) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)*\.(tsx?|mjs|css|sql)$/.test(name));
  expect(odd).toEqual([]);
});
