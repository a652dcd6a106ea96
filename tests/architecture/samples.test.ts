import { expect, test } from 'vitest';

import { allCalls } from '#shared/contracts/registry.ts';
import { sampleOf } from '#tests/support/samples.ts';

test('every call has a sample of its own shape, so that generated tests reach behind the parser', () => {
  const wrong = allCalls.flatMap((call) => {
    const { path, body } = sampleOf(call);
    const inPath = /^[^?]*/.exec(path)?.[0].split('/') ?? [];
    const names = call.path.split('/').map((part, at): [string, string] => [part, inPath[at] ?? '']);
    const parameters = Object.fromEntries(
      names.filter(([part]) => /^[:*]/.test(part)).map(([part, value]) => [part.slice(1), value]),
    );
    const query = Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));
    const parsed = call.body.safeParse({ ...query, ...body, ...parameters });
    return parsed.success ? [] : [`${call.name}: ${parsed.error.message}`];
  });
  expect(wrong).toEqual([]);
});
