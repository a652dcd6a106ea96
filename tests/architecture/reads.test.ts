import type { Express } from 'express';
import { expect, test } from 'vitest';

import { healthRoutes } from '#server/app/health.ts';
import { bindCalls } from '#server/platform/http/bind.ts';
import type { Handler } from '#server/platform/http/commands.ts';
import { buildWeb } from '#server/platform/http/web.ts';
import { eventKinds, isEventKind } from '#shared/contracts/event-kinds.ts';
import * as recordLog from '#shared/contracts/record-log.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import { verbs } from '#shared/policy/verbs.ts';

import { namesOf, readsTable } from './reads-table.ts';
import { codeOf, sourceUnder } from './source.ts';

const rows = readsTable();
const calls = rows.filter(({ sort }) => sort === 'calls');

test('[AC-30] every call that writes no entry has its place in the table, once', () => {
  // A POST as well as a GET: what shows something and leaves nothing behind is a reading.
  const reading = allCalls.filter(({ records }) => records.length === 0);
  expect(namesOf(calls).sort()).toEqual(reading.map(({ name }) => name).sort());
});

test('[AC-30] each is within an opening that is an entry of consultation or disclosure, or shows no content of an operation', () => {
  const wrong = rows.filter(({ within, kind, none }) => {
    const named = within ?? kind;
    if (named === null) return !none;
    return !isEventKind(named) || !['consultation', 'disclosure'].includes(eventKinds[named]);
  });
  expect(wrong).toEqual([]);
});

test('[AC-30] what is said to show no content asks for no right to content', () => {
  const free = new Set(namesOf(calls.filter(({ none }) => none)));
  const asking = allCalls.filter(({ name, needs }) => {
    if (!free.has(name) || !Object.hasOwn(verbs, needs)) return false;
    const { effect } = verbs[needs as keyof typeof verbs];
    return effect === 'consult' || effect === 'prove';
  });
  expect(asking.map(({ name }) => name)).toEqual([]);
});

/** Of the record itself, without contents: RC-46 ff. */
const publicFormats = new Set(Object.values(recordLog).map(({ name }) => name));

test('[AC-30] every download and export of contents is an entry of its own, or a part of an opening that discloses', () => {
  const silent = allCalls.filter(({ kind, records }) => kind === 'stream' && records.length === 0);
  const parts = new Set(
    namesOf(
      calls.filter(({ within }) => within !== null && Reflect.get(eventKinds, within) === 'disclosure'),
    ),
  );
  expect(silent.map(({ name }) => name).filter((name) => !publicFormats.has(name))).toEqual([...parts]);
});

test('[AC-30] the hub answers at the calls and at the routes of the table, and nowhere else', () => {
  const listed = namesOf(rows.filter(({ sort }) => sort === 'routes'));
  const bound = allCalls.map(({ method, path }) => `${method.toLowerCase()} ${path}`);
  expect(routesOf(web()).sort()).toEqual([...listed, ...bound].sort());
});

test('[AC-30] the hub hears the events of the table, and no others', () => {
  const events = sourceUnder('server').flatMap(({ text }) =>
    [...codeOf(text).matchAll(/\bon<[^>]*>\(\s*'([a-z.]+)'/g)].map(([, name]) => name),
  );
  const listed = namesOf(rows.filter(({ sort }) => sort === 'channel'));
  expect(events.sort()).toEqual(listed.filter((name) => !name.startsWith('/')).sort());
});

test('[AC-30] WebSockets are taken for those events and for boards, and for nothing else', () => {
  const takers = sourceUnder('server').filter(({ text }) =>
    /new (WebSocketServer|Server)\b/.test(codeOf(text)),
  );
  expect(takers.map(({ path }) => path)).toEqual([
    'server/features/boards/upgrade.ts',
    'server/platform/realtime/sockets.ts',
  ]);
});

/** The HTTP application as the hub builds it, on nothing: only where it answers is asked. */
function web(): Express {
  const nothing = {} as never;
  const handlers = allCalls.map((call) => ({ call }) as Handler);
  return buildWeb({
    api: bindCalls(nothing, handlers, new Set()),
    operations: healthRoutes(nothing),
    openApi: {},
    hosts: new Set(),
    clientFolder: 'dist/client',
    trustProxy: 0,
    secure: false,
    log: nothing,
    random: nothing,
  });
}

type Layer = {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
};

/** `method path` of every route, those of routers within routers too. */
function routesOf({ router }: Express): string[] {
  const { stack } = router as unknown as { readonly stack: readonly Layer[] };
  const walk = (layers: readonly Layer[]): string[] =>
    layers.flatMap(({ route, handle }) =>
      route === undefined
        ? walk(handle.stack ?? [])
        : Object.keys(route.methods).map((method) => `${method} ${route.path}`),
    );
  return walk(stack);
}
