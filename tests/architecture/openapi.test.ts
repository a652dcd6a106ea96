import { expect, test } from 'vitest';

import { openApiOf } from '#server/platform/http/openapi.ts';
import { postMessage } from '#shared/contracts/chat.ts';
import { signIn } from '#shared/contracts/identity.ts';
import { removeMember } from '#shared/contracts/operations.ts';
import { allCalls } from '#shared/contracts/registry.ts';

type Parameter = { name: string; in: string; required: boolean };
type Described = {
  operationId: string;
  security: object[];
  parameters: Parameter[];
  requestBody?: { content: { 'application/json': { schema: { properties: object; required: string[] } } } };
};
const document = openApiOf(allCalls, '1.2.3') as {
  info: { version: string };
  paths: Record<string, Record<string, Described>>;
};

test('the document describes every call under its name, once', () => {
  const names = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((one) => one.operationId),
  );
  expect(names.sort()).toEqual(allCalls.map(({ name }) => name).sort());
  expect(document.info.version).toBe('1.2.3');
});

test('members of the path are parameters, the rest of a POST is its body', () => {
  const described = document.paths['/operations/{operationId}/members/{officerId}/remove']?.post;
  expect(described?.operationId).toBe(removeMember.name);
  expect(described?.parameters).toMatchObject([
    {
      name: 'operationId',
      in: 'path',
      required: true,
      schema: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    },
    { name: 'officerId', in: 'path', required: true },
  ]);
  expect(described?.requestBody?.content['application/json'].schema).toMatchObject({
    required: ['commandId', 'reason'],
  });
});

test('what has a default may be left out, and what needs nobody needs no session', () => {
  const posted = document.paths['/operations/{operationId}/messages']?.post;
  expect(posted?.operationId).toBe(postMessage.name);
  const { required, properties } = posted?.requestBody?.content['application/json'].schema ?? {};
  expect(Object.keys(properties ?? {})).toContain('mentions');
  expect(required).not.toContain('mentions');
  expect(posted?.security).toEqual([{ session: [] }]);
  expect(document.paths[signIn.path]?.post?.security).toEqual([]);
});

test('every path that a call names is a member of its body', () => {
  const missing = allCalls.flatMap((call) => {
    const shape: unknown = Reflect.get(call.body, 'shape');
    return [...call.path.matchAll(/[:*](\w+)/g)]
      .map(([, name = '']) => name)
      .filter((name) => !Object.hasOwn(Object(shape), name))
      .map((name) => `${call.name}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test('every call that writes carries a command id, unless nobody is signed in', () => {
  const without = allCalls.filter(
    ({ method, needs, body, records }) =>
      method === 'POST' &&
      needs !== 'nobody' &&
      records.length > 0 &&
      !Object.hasOwn(Object(Reflect.get(body, 'shape')), 'commandId'),
  );
  expect(without.map(({ name }) => name)).toEqual([]);
});
