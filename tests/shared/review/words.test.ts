import { describe, expect, test } from 'vitest';

import { textsOf } from '#shared/review/texts.ts';
import { wordsOf, writeQuery, writeVector } from '#shared/review/words.ts';

describe('words of a text', () => {
  test('[RV-3] are in lower case and without accents, in order', () => {
    expect(wordsOf('Opération GLACIER, Zürich-West')).toEqual(['operation', 'glacier', 'zurich', 'west']);
  });

  test('[RV-3] of scripts without spaces are pairs of characters, and the last one', () => {
    expect(wordsOf('ธนาคาร')).toEqual(['ธน', 'นา', 'าค', 'คา', 'าร', 'ร']);
    expect(wordsOf('บัญชี123')).toEqual(['บั', 'ัญ', 'ญช', 'ชี', 'ี', '123']);
  });

  test('[RV-4] of a defanged address are those of the address', () => {
    const plain = wordsOf('http://evil.example/pay');
    for (const written of ['hxxp://evil[.]example/pay', 'hxxp[:]//evil(dot)example/pay'])
      expect(wordsOf(written)).toEqual(plain);
  });

  test('[RV-3] are cut, never dropped, when they are very long', () => {
    expect(wordsOf(`${'x'.repeat(5_000)} end`)).toEqual(['x'.repeat(100), 'end']);
  });
});

describe('a query', () => {
  test('[RV-3] asks for all parts, each in its order, the last word from its beginning', () => {
    expect(writeQuery('seiz evil.com')).toBe("('seiz':*) & ('evil' <-> 'com':*)");
    expect(writeQuery('"hold until"')).toBe("('hold' <-> 'until')");
    expect(writeQuery('นาคา')).toBe("('นา' <-> 'าค' <-> 'คา')");
    expect(writeQuery('ชีabc')).toBe("('ชี' <2> 'abc':*)");
  });

  test('[RV-3] without a word is none', () => {
    expect(['', '…', '"', '&|!'].map(writeQuery)).toEqual([null, null, null, null]);
  });

  test('[RV-3] cannot leave its quotes', () => {
    for (const text of ["a' | 'b", "x':* & !'", '\\', "''"])
      expect(writeQuery(text) ?? '').not.toMatch(/''|\\|!/);
    expect(writeVector("o'neill \\ ''", ['@label'])).toBe("'@label' 'o':1 'neill':2");
  });
});

test('[RV-2] texts of a content are what people wrote, rows of an import one by one', () => {
  expect(
    textsOf({
      id: 'f'.repeat(32),
      text: 'Hold.',
      author: { name: 'Tan Wei' },
      handling: { tlp: 'RED', caveat: 'Ask SG' },
    }),
  ).toEqual(['Hold.\nAsk SG']);
  expect(
    textsOf({
      source: 'a.csv',
      indicators: [{ value: 'a.example', raw: 'a.example', note: 'n' }, { value: 'b.example' }],
    }),
  ).toEqual(['a.csv', 'a.example\nn', 'b.example']);
  expect(textsOf(null)).toEqual([]);
});
