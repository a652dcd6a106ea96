import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

import { jsonSchemaOf } from '#server/platform/http/openapi.ts';
import { eventKinds } from '#shared/contracts/event-kinds.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import { enterRoom, frame, leaveRoom, present, sayPresence, socketCall } from '#shared/contracts/rooms.ts';
import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

import { readText, root } from './source.ts';

const pinned = z
  .object({
    version: z.number().int(),
    shapes: z.record(z.string(), z.string()),
    history: z
      .array(z.object({ version: z.number().int(), what: z.string().min(1), digest: z.string() }))
      .min(1),
  })
  .parse(JSON.parse(readText('tests/architecture/wire-shape.json')));

/** A short hash of everything that a client, or a record, could notice. */
function shapeOf(value: unknown): string {
  const text = canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function shapes(): Record<string, string> {
  const calls = allCalls.map((call): [string, string] => {
    const { name, method, path, needs, kind, records } = call;
    const [body, reply] = [jsonSchemaOf(call.body), jsonSchemaOf(call.reply)];
    return [name, shapeOf({ method, path, needs, kind, records, body, reply })];
  });
  const messages = Object.entries({ frame, enterRoom, leaveRoom, present, sayPresence, socketCall }).map(
    ([name, schema]): [string, string] => [`socket ${name}`, shapeOf(jsonSchemaOf(schema))],
  );
  return Object.fromEntries([...calls, ...messages, ['event kinds', shapeOf(eventKinds)]].sort());
}

/*
 * Clients and hubs of different age meet. When this fails and the change is meant: run it once with PIN=1, which writes
 * the hashes; then raise `version` in wire-shape.json, and add a line of history that says what changed and whether an
 * older page still works, with the digest that the second test asks for.
 */
test('the shape of the wire has not changed without being written down', () => {
  const now = shapes();
  if (process.env.PIN === '1') {
    const file = path.join(root, 'tests/architecture/wire-shape.json');
    fs.writeFileSync(file, `${JSON.stringify({ ...pinned, shapes: now }, null, 2)}\n`);
  }
  expect(pinned.shapes).toEqual(now);
});

test('each version has its line of history, and the newest stands for the shapes of now', () => {
  expect(pinned.history.map(({ version }) => version)).toEqual(
    Array.from({ length: pinned.version }, (_, at) => at + 1),
  );
  expect(pinned.history.at(-1)?.digest).toBe(shapeOf(pinned.shapes));
});
