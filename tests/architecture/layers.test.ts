import { expect, test } from 'vitest';

import { codeOf, type SourceFile, sourceUnder } from './source.ts';

/** From left to right; what stands in one step does not import each other. docs/architecture.md draws it. */
const ladder: readonly (readonly string[])[] = [
  ['shared/kernel'],
  ['shared/policy'],
  ['shared/contracts', 'shared/board', 'shared/record', 'shared/interchange'],
  ['shared/review'],
  ['server/platform'],
  ['server/record'],
  ['server/features/identity'],
  ['server/features/operations'],
  [
    'server/features/boards',
    'server/features/indicators',
    'server/features/chat',
    'server/features/coordination',
    'server/features/review',
  ],
  ['server/app'],
  ['server/cli'],
  ['server/main.ts', 'server/exercise.ts'],
];

const clientLadder: readonly (readonly string[])[] = [
  ['client/platform'],
  ['client/ui'],
  [
    'client/features/identity',
    'client/features/operations',
    'client/features/boards',
    'client/features/indicators',
    'client/features/chat',
    'client/features/coordination',
    'client/features/review',
  ],
  ['client/app'],
  ['client/main.tsx', 'client/verify-page'],
];

type Place = { readonly step: number; readonly member: string };

function placeIn(steps: readonly (readonly string[])[], file: string): Place | null {
  for (const [step, members] of steps.entries()) {
    const member = members.find((one) => file === one || file.startsWith(`${one}/`));
    if (member !== undefined) return { step, member };
  }
  return null;
}

const isOurs = (target: string) => /^(shared|server|client|tests)\//.test(target);
const shared = sourceUnder('shared');
const server = sourceUnder('server');
const client = sourceUnder('client').filter(({ path }) => path !== 'client/vite.config.ts');

/** Imports that go right or sideways, each with what to do instead. */
function wrongImports(files: readonly SourceFile[], steps: readonly (readonly string[])[]): string[] {
  return files.flatMap((file) => {
    const here = placeIn(steps, file.path);
    if (here === null) return [`${file.path} stands nowhere on the ladder: add its folder to it`];
    return file.imports
      .filter(({ target }) => (isOurs(target) && steps !== clientLadder) || target.startsWith('client/'))
      .flatMap(({ target }) => {
        const there = placeIn(steps, target);
        if (there === null) return [`${file.path} may not import ${target}`];
        if (there.step < here.step || there.member === here.member) return [];
        const instead =
          there.step === here.step
            ? 'let them meet in a record entry, an id, or what an earlier step offers'
            : 'hand it in from server/app, or move the idea to an earlier step';
        return [`${file.path} may not import ${target}: ${instead}`];
      });
  });
}

test('shared and server import only from further left on the ladder', () => {
  expect(wrongImports([...shared, ...server], ladder)).toEqual([]);
});

test('client imports only shared, and its own ladder from further left', () => {
  const foreign = client.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => /^(server|tests)\//.test(target))
      .map(({ target }) => `${path} may not import ${target}: the wire is in shared/contracts`),
  );
  expect([...foreign, ...wrongImports(client, clientLadder)]).toEqual([]);
});

test('a feature of the server is entered through its index.ts only', () => {
  const feature = /^server\/features\/([^/]+)\//;
  const wrong = server.flatMap((file) =>
    file.imports
      .filter(({ target }) => {
        const entered = feature.exec(target)?.[1];
        return (
          entered !== undefined &&
          entered !== feature.exec(file.path)?.[1] &&
          !target.endsWith(`/${entered}/index.ts`)
        );
      })
      .map(({ target }) => `${file.path} imports ${target}: export it from that feature's index.ts`),
  );
  expect(wrong).toEqual([]);
});

test('[AC-2] only operations mints room passes', () => {
  const minters = server.filter(({ imports }) => imports.some(({ names }) => /\bmintRoomPass\b/.test(names)));
  expect(minters.map(({ path }) => path)).toEqual(['server/features/operations/gate.ts']);
});

test('only an index.ts of a server feature is a barrel', () => {
  const passing = /^export\s+(?:type\s+)?(?:\*|\{[^}]*\})\s+from\s+'[^']+';$/gm;
  const barrels = [...shared, ...server, ...client]
    .filter(({ path }) => !/^server\/features\/[^/]+\/index\.ts$/.test(path))
    .filter(
      ({ text }) =>
        /^export\s+\*/m.test(text) ||
        (passing.test(text) && codeOf(text).replaceAll(passing, '').trim() === ''),
    );
  expect(barrels.map(({ path }) => path)).toEqual([]);
});
