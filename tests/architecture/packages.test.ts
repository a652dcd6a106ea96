import { builtinModules } from 'node:module';
import { expect, test } from 'vitest';
import { z } from 'zod';

import { readText, sourceUnder } from './source.ts';

const ours = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
    scripts: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readText('package.json')));
const lock = z
  .object({
    packages: z.record(
      z.string(),
      z.object({
        version: z.string(),
        resolved: z.string().optional(),
        optionalDependencies: z.record(z.string(), z.string()).optional(),
      }),
    ),
  })
  .parse(JSON.parse(readText('package-lock.json')));

const nameOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

test('what hub and verifier import is installed without development packages', () => {
  const imported = sourceUnder('server', 'shared').flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => !/^(shared|server|node:)/.test(target) && !builtinModules.includes(target))
      .map(({ target }) => ({ path, name: nameOf(target) })),
  );
  expect(imported.filter(({ name }) => !Object.hasOwn(ours.dependencies, name))).toEqual([]);
});

test('versions are exact', () => {
  const loose = Object.entries({ ...ours.dependencies, ...ours.devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

test('npm ci works on every platform: the lock has the package of each, at the version that is asked for', () => {
  const absent = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d/.test(version) && !isLocked(path, name, version))
      .map(([name, version]) => `${path} asks for ${name}@${version}`),
  );
  expect(absent).toEqual([]);
});

/** Looked for as Node does: beside the asking package first, then further out. */
function isLocked(asking: string, name: string, version: string): boolean {
  return Object.entries(lock.packages).some(
    ([path, locked]) =>
      path.endsWith(`node_modules/${name}`) &&
      `${asking}/`.startsWith(path.slice(0, path.length - `node_modules/${name}`.length)) &&
      locked.version === version,
  );
}

test('the lock names no address to download from', () => {
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});

test('there is one yjs, or documents of one would not be documents of the other', () => {
  expect(Object.keys(lock.packages).filter((path) => /(^|\/)node_modules\/yjs$/.test(path))).toEqual([
    'node_modules/yjs',
  ]);
});

test('README starts and tests the hub with commands that exist', () => {
  const commands = [...readText('README.md').matchAll(/npm (?:run )?([a-z]+)/g)].map(([, name = '']) => name);
  expect(commands).toEqual(expect.arrayContaining(['exercise', 'test']));
  expect(
    commands.filter((name) => name !== 'ci' && name !== 'install' && !Object.hasOwn(ours.scripts, name)),
  ).toEqual([]);
});
