import { expect, test } from 'vitest';

import { codeOf, sourceUnder } from './source.ts';

/** Where the machine's own time and chance may be touched. Everywhere else they are handed in. */
const mayTouch = /^(server\/app|server\/cli|client\/platform)\//;
const ambient: readonly (readonly [RegExp, string])[] = [
  [/\bnew Date\(\s*\)/, 'new Date(): ask the Clock'],
  [/\bDate\.now\(/, 'Date.now(): ask the Clock'],
  [/\bperformance\.now\(/, 'performance.now(): ask the Clock'],
  [
    /(?<!\bstream\.)\b(?:setTimeout|setInterval|setImmediate)\(/,
    'an ambient timer: use Clock.after or every()',
  ],
  [/\bMath\.random\(/, 'Math.random(): ask Random'],
  [/\b(?:getRandomValues|randomUUID|randomInt|randomFillSync|randomFill)\(/, 'ambient chance: ask Random'],
  [/import[^;]*\brandomBytes\b[^;]*from 'node:crypto'/, 'randomBytes of node:crypto: ask Random'],
];

const code = sourceUnder('shared', 'server', 'client').map(({ path, text }) => ({
  path,
  text: codeOf(text),
}));

test('time and chance come from Clock and Random outside app, cli and client/platform', () => {
  const wrong = code
    .filter(({ path }) => !mayTouch.test(path) && path !== 'client/vite.config.ts')
    .flatMap(({ path, text }) =>
      ambient.filter(([pattern]) => pattern.test(text)).map(([, instead]) => `${path}: ${instead}`),
    );
  expect(wrong).toEqual([]);
});

test('nothing is skipped, silenced or swallowed', () => {
  const forbidden: readonly (readonly [RegExp, string])[] = [
    [/\b(?:test|it|describe)\.(?:skip|todo|only)\b/, 'a test that does not run'],
    [/@ts-(?:ignore|nocheck|expect-error)/, 'a silenced type error'],
    [/catch\s*(?:\([^)]*\))?\s*\{\s*\}/, 'an empty catch'],
    [/:\s*any\b|\bas any\b|<any>/, 'any'],
  ];
  const files = [...code, ...sourceUnder('tests').map(({ path, text }) => ({ path, text: codeOf(text) }))];
  const wrong = files
    .filter(({ path }) => path !== 'tests/support/services.ts' && !path.startsWith('tests/architecture/'))
    .flatMap(({ path, text }) =>
      forbidden.filter(([pattern]) => pattern.test(text)).map(([, what]) => `${path}: ${what}`),
    );
  expect(wrong).toEqual([]);
});
