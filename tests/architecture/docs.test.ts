import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

import { filesUnder, readText, root } from './source.ts';

const pages = [
  'README.md',
  ...filesUnder('docs', /\.md$/),
  ...filesUnder('server', /\.md$/),
  ...filesUnder('tests', /README\.md$/),
];
const exists = (file: string) => fs.existsSync(path.join(root, file));

test('every link and picture of a page leads to a file', () => {
  const broken = pages.flatMap((page) =>
    [...readText(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !exists(path.join(path.dirname(page), target)))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every path that a page names is there', () => {
  const ours = /`((?:shared|server|client|tests|docs|scripts|exercise|deploy)\/[\w./-]+)`/g;
  const gone = pages.flatMap((page) =>
    [...readText(page).matchAll(ours)]
      .map(([, target = '']) => target)
      .filter((target) => !exists(target))
      .map((target) => `${page}: ${target}`),
  );
  expect(gone).toEqual([]);
});

test('no page names this machine, and no page is empty', () => {
  const wrong = pages.filter(
    (page) =>
      /(\/home\/|\/root\/|\/work\/|localhost:\d{4,5}\/)/.test(readText(page)) || readText(page).length < 300,
  );
  expect(wrong).toEqual([]);
});
