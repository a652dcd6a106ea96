import fc from 'fast-check';
import { expect, test } from 'vitest';

import { base64, equalBytes, fromBase64 } from '#shared/kernel/encoding.ts';

const CHARACTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/='];
const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...CHARACTERS, '-', '_', ' ', '\n', 'é', '中', '\u0000'),
    maxLength: 12,
  }),
  fc.string({ unit: 'binary', maxLength: 12 }),
);

test('base64 is that of RFC 4648, for every length and every byte', () => {
  for (let length = 0; length < 600; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 31 + length) % 256);
    const text = base64(bytes);
    expect(text).toBe(Buffer.from(bytes).toString('base64'));
    expect(fromBase64(text)).toEqual(bytes);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      expect(base64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(base64(bytes))).toEqual(bytes);
    }),
    { numRuns: 2_000 },
  );
});

test('a text that base64 does not write is none', () => {
  for (const text of [
    'A',
    'AA',
    'AAA',
    '====',
    'A===',
    'AB==',
    'AAB=',
    'AA=A',
    '=AAA',
    'AA==AAAA',
    'AA-_',
    'AAAÿ',
  ])
    expect(fromBase64(text), text).toBeNull();
  fc.assert(
    fc.property(anyText, (text) => {
      const bytes = fromBase64(text);
      const written = Buffer.from(text, 'base64');
      // Node takes what it can from any text: only one that it would write itself is base64.
      expect(bytes !== null).toBe(written.toString('base64') === text);
      if (bytes !== null) expect(equalBytes(bytes, written)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

test('bytes are equal when all of them are', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  expect(equalBytes(bytes, Uint8Array.of(1, 2, 3))).toBe(true);
  for (const other of [
    [1, 2],
    [1, 2, 3, 4],
    [0, 2, 3],
    [1, 2, 4],
  ])
    expect(equalBytes(bytes, Uint8Array.from(other))).toBe(false);
});
