import fc from 'fast-check';
import { expect, test } from 'vitest';

import { fromUtf8, utf8 } from '#shared/kernel/encoding.ts';
import { asId } from '#shared/kernel/ids.ts';
import { ledVerbs } from '#shared/policy/verbs.ts';
import { type Author, commitPayload, encodeEntry, parseEntry, sessionTag } from '#shared/record/entry.ts';
import { draft, ORIGIN } from './samples.ts';

const commitment = commitPayload(new Uint8Array(32).fill(7), utf8('hello'));

/** The literal example that opens docs/protocol/record.md. */
const example =
  '{"by":{"c":"FR","k":"officer","s":"q1w2e3r4t5y6u7i8","u":"11111111111111111111111111111111"},' +
  '"cmd":"44444444444444444444444444444444","cp":"33333333333333333333333333333333","e":"message.posted","i":41,' +
  `"log":"${ORIGIN}","ob":{"id":"22222222222222222222222222222222","k":"message"},` +
  '"op":"0123456789abcdef0123456789abcdef","out":"ok","pc":"MsSBG7NZwzn6HsAXNLY2CsaxgXDCIeNTcW/1qbKjLMU=","pl":5,' +
  '"t":"2026-11-23T12:00:00.123Z","v":1,"verb":"collection"}';

function reasonFor(text: string): string {
  const outcome = parseEntry(utf8(text));
  return outcome.ok ? 'accepted' : outcome.reason;
}

test('[RC-1] an entry is the canonical JSON of its fields', () => {
  expect(fromUtf8(encodeEntry(draft, 41, commitment))).toBe(example);
});

test('[RC-1] an entry over 8 KiB is never written, and not read', () => {
  const signature = 'AAAA'.repeat(1900);
  expect(encodeEntry({ ...draft, signature }, 41, commitment).length).toBeLessThanOrEqual(8192);
  expect(() => encodeEntry({ ...draft, signature: 'AAAA'.repeat(2000) }, 41, commitment)).toThrow('8 KiB');
  expect(reasonFor(example.replace('}', `${' '.repeat(8192)}}`))).toBe('entry-too-long');
});

test('[RC-2] what was written reads back whole', () => {
  expect(parseEntry(utf8(example))).toEqual({ ok: true, entry: { ...draft, seq: 41, commitment } });
  const authors: Author[] = [{ kind: 'hub' }, { kind: 'anonymous' }];
  for (const kind of ['officer', 'partner', 'auditor', 'admin'] as const) {
    authors.push({ kind, officer: asId('5'.repeat(32)), country: null, session: null });
  }
  fc.assert(
    fc.property(
      fc.record({
        at: fc.date({ min: new Date(0), max: new Date(9e13), noInvalidDate: true }).map(Number),
        verb: fc.constantFrom(...ledVerbs),
        by: fc.constantFrom(...authors),
        outcome: fc.constantFrom('ok' as const, 'refused' as const),
        object: fc.constantFrom(null, draft.object),
        operation: fc.constantFrom(null, draft.operation),
        compartment: fc.constantFrom(null, draft.compartment),
        command: fc.constantFrom(null, draft.command),
      }),
      fc.nat(),
      (change, seq) => {
        const changed = { ...draft, ...change };
        const outcome = parseEntry(encodeEntry(changed, seq, commitment));
        expect(outcome).toEqual({ ok: true, entry: { ...changed, seq, commitment } });
      },
    ),
  );
});

test('[RC-2] any other spelling of the same entry is refused', () => {
  const spellings = {
    ' after the first brace': example.replace('{', '{ '),
    'members in another order': example.replace(/"v":1,"verb":"collection"/, '"verb":"collection","v":1'),
    'a member twice': example.replace('"v":1', '"v":1,"v":1'),
    'a number with a fraction': example.replace('"pl":5', '"pl":5.0'),
    'an escaped letter': example.replace('"ok"', '"\\u006fk"'),
    'a byte order mark': `\ufeff${example}`,
  };
  for (const text of Object.values(spellings)) expect(reasonFor(text)).toBe('entry-not-canonical');
  expect(reasonFor(`${example}x`)).toBe('entry-not-json');
  expect(parseEntry(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({ ok: false, reason: 'entry-not-utf8' });
});

test('[RC-3] a field that is missing, unknown or malformed is named', () => {
  const cases: Record<string, string> = {
    'entry-not-json': '[]',
    'entry-unknown-version': example.replace('"v":1', '"v":2'),
    'entry-field-unknown': example.replace('"t":', '"name":"Ada","t":'),
    'entry-field-log': example.replace('hub.example', 'hub example'),
    'entry-field-i': example.replace('"i":41', '"i":-1'),
    'entry-field-t': example.replace('11-23T', '02-30T'),
    'entry-field-e': example.replace('message.posted', 'Posted'),
    'entry-field-verb': example.replace('collection', 'deletion'),
    'entry-field-by': example.replace('"c":"FR"', '"c":"France"'),
    'entry-field-op': example.replace('"op":"0123', '"op":"GLAC'),
    'entry-field-ob': example.replace('"k":"message"', '"k":"message","name":"x"'),
    'entry-field-out': example.replace('"ok"', '"maybe"'),
    'entry-field-cp': example.replace('"3333', '"main'),
    'entry-field-cmd': example.replace('"cmd":"44444444444444444444444444444444",', ''),
    'entry-field-pc': example.replace('LMU=', 'LMV='),
    'entry-field-pl': example.replace('"pl":5', '"pl":"5"'),
    'entry-field-sig': example.replace('"t":', '"sig":"not base64","t":'),
  };
  for (const [reason, text] of Object.entries(cases)) expect(reasonFor(text)).toBe(reason);
});

test('[RC-3] people are named by random id and sessions by 16 characters of a hash', () => {
  expect(reasonFor(example.replace('"u":"1111', '"u":"adal'))).toBe('entry-field-by');
  expect(reasonFor(example.replace('"k":"officer"', '"k":"anonymous"'))).toBe('entry-field-by');
  expect(sessionTag(new Uint8Array(32).fill(7))).toBe('BwcHBwcHBwcHBwcH');
});

test('[RC-4] the commitment is SHA-256 over salt and payload, beside the length', () => {
  expect(commitment).toEqual({ pc: 'MsSBG7NZwzn6HsAXNLY2CsaxgXDCIeNTcW/1qbKjLMU=', pl: 5 });
});
