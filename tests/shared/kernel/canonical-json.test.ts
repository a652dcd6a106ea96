import fc from 'fast-check';
import { expect, test } from 'vitest';

import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

/** RFC 8785 as it reads: members sorted by UTF-16 code units, everything else as ECMAScript writes it. */
function byTheBook(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(byTheBook).join(',')}]`;
  const members = Object.entries(value as { [name: string]: Json }).filter(([, held]) => held !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, held]) => `${JSON.stringify(name)}:${byTheBook(held)}`).join(',')}}`;
}

test('what stands in order and what does not have one form', () => {
  const key = fc.oneof(
    fc.constantFrom('a', 'b', '10', '9', '', '__proto__', 'é', '\u{1F600}', '\uFB33'),
    fc.string(),
  );
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Json>(null, true, false, -0, 0, 1e21, 5e-324),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.string({ unit: 'grapheme' }),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .uniqueArray(fc.tuple(key, tie('value')), { maxLength: 5, selector: ([name]) => name })
        .map((members) => Object.fromEntries(members) as Json),
    ),
  }));
  fc.assert(
    fc.property(value, (given) => {
      const text = canonicalJson(given);
      expect(text).toBe(byTheBook(given));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
    { numRuns: 3_000 },
  );
});

test('members that are undefined are left out, wherever they stand', () => {
  expect(canonicalJson({ a: undefined, b: 1, c: undefined })).toBe('{"b":1}');
  expect(canonicalJson({ c: { d: undefined }, b: [1], a: undefined })).toBe('{"b":[1],"c":{}}');
});

test('what JSON cannot say is refused, in and out of order', () => {
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, '\ud800', 'a\udc00b'])
    for (const held of [wrong, [wrong], { a: 1, b: wrong }, { b: wrong, a: 1 }, { a: [{ b: wrong }] }])
      expect(() => canonicalJson(held), JSON.stringify(held)).toThrow(TypeError);
  expect(() => canonicalJson({ '\ud800': 1 })).toThrow(TypeError);
});
