import { expect, test } from 'vitest';

import { eventKinds, isEventKind } from '#shared/contracts/event-kinds.ts';
import * as recordLog from '#shared/contracts/record-log.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import { verbs } from '#shared/policy/verbs.ts';

import { readText } from './source.ts';

const page = readText('docs/protocol/access.md');
const table = page.slice(page.indexOf('| Read |'), page.indexOf('"Within"'));
const rows = [...table.matchAll(/^\| (.+) \| (.+) \|$/gm)]
  .map(([, reads = '', says = '']) => ({
    reads: [...reads.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
    channel: reads.startsWith('channel'),
    within: /^within `([a-z.-]+)`$/.exec(says)?.[1] ?? null,
    kind: /^`([a-z.-]+)`$/.exec(says)?.[1] ?? null,
    none: says === 'no content of an operation',
  }))
  .filter(({ reads }) => reads.length > 0);

test('[AC-30] every call that only reads has its place in the table, once', () => {
  const listed = rows.filter(({ channel }) => !channel).flatMap(({ reads }) => reads);
  // A POST that writes no entry of its own and no state is a reading too; those that write say so in `records`.
  const reading = allCalls.filter(({ method, records }) => method === 'GET' && records.length === 0);
  expect(listed.sort()).toEqual(reading.map(({ name }) => name).sort());
});

test('[AC-30] each is within an opening that is an entry of consultation, or shows no content of an operation', () => {
  const wrong = rows.filter(({ within, kind, none }) => {
    const named = within ?? kind;
    if (named === null) return !none;
    return !isEventKind(named) || eventKinds[named] !== 'consultation';
  });
  expect(wrong).toEqual([]);
});

test('[AC-30] what is said to show no content asks for no right to content', () => {
  const free = new Set(rows.filter(({ none, channel }) => none && !channel).flatMap(({ reads }) => reads));
  const asking = allCalls.filter(({ name, needs }) => {
    if (!free.has(name) || !Object.hasOwn(verbs, needs)) return false;
    const { effect } = verbs[needs as keyof typeof verbs];
    return effect === 'consult' || effect === 'prove';
  });
  expect(asking.map(({ name }) => name)).toEqual([]);
});

/** Of the record itself, without contents: RC-46 ff. */
const publicFormats = new Set(Object.values(recordLog).map(({ name }) => name));

test('[AC-30] every download and export of contents is an entry of its own', () => {
  const silent = allCalls.filter(({ kind, records }) => kind === 'stream' && records.length === 0);
  expect(silent.map(({ name }) => name).filter((name) => !publicFormats.has(name))).toEqual([]);
});
