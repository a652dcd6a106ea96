import path from 'node:path';
import { expect, test } from 'vitest';

import { filesUnder, readText } from './source.ts';

const RULE = /\[([A-Z]{2}-\d+)\]/g;
const pages = filesUnder('docs/protocol', /\.md$/);
const testFiles = filesUnder('tests', /\.test\.tsx?$/).filter((file) => !file.startsWith('tests/bench/'));

/** A page states a rule by opening a paragraph or list item with its number in bold. */
function rulesOf(page: string): string[] {
  return [...readText(page).matchAll(/\*\*\[([A-Z]{2}-\d+)\]\*\*/g)].map(([, rule = '']) => rule);
}

/** The rules that a test file's titles cite. A title is a string that a call begins with. */
function citedBy(file: string): string[] {
  const titles = [...readText(file).matchAll(/\(\s*([`'"])((?:(?!\1)[^\n])*)\1/g)];
  return titles.flatMap(([, , title = '']) => [...title.matchAll(RULE)].map(([, rule = '']) => rule));
}

const stated = pages.flatMap(rulesOf);
const tested = new Set(testFiles.flatMap(citedBy));

test('every rule has one number and one place', () => {
  expect(stated.filter((rule, at) => stated.indexOf(rule) !== at)).toEqual([]);
});

test('every rule of docs/protocol is cited by a test', () => {
  expect(stated.filter((rule) => !tested.has(rule))).toEqual([]);
});

test('every rule that a test or the code cites is stated in docs/protocol', () => {
  const known = new Set(stated);
  const code = ['shared', 'server', 'client', 'tests'].flatMap((folder) =>
    filesUnder(folder, /\.(tsx?|sql)$/),
  );
  const unknown = code.flatMap((file) =>
    [...readText(file).matchAll(RULE)]
      .map(([, rule = '']) => rule)
      .filter((rule) => !known.has(rule))
      .map((rule) => `${path.basename(file)} cites [${rule}]`),
  );
  expect([...new Set(unknown)].sort()).toEqual([]);
});
