import { expect, test } from 'vitest';

import { glanceAt, markFound } from '#client/features/review/search/mark-found.ts';

/** The text with what is marked between ‹ and ›. */
function marked(text: string, sought: string): string {
  return markFound(text, sought)
    .map((piece) => (piece.hit ? `‹${piece.text}›` : piece.text))
    .join('');
}

test('[RV-3] what is marked on screen is what the words sought: beginnings, quotes, accents, joined words', () => {
  expect(marked('The counter is watched', 'WATCH cou')).toBe('The ‹cou›nter is ‹watch›ed');
  expect(marked('watch the watchers', '"watch"')).toBe('‹watch› the watchers');
  expect(marked('Łódź and Đà Nẵng', 'nang')).toBe('Łódź and Đà ‹Nẵng›');
  expect(marked('Cafe\u0301s of Paris', 'café')).toBe('‹Cafe\u0301›s of Paris');
  expect(marked('hxxps://pay-fee[.]loan-fast[.]example/otp', 'loan-fast.exam')).toBe(
    'hxxps://pay-fee[.]‹loan-fast[.]exam›ple/otp',
  );
  expect(marked('hxxps://pay-fee[.]example', 'https://pay-fee')).toBe('‹hxxps://pay-fee›[.]example');
  expect(marked('fast loan', 'loan-fast')).toBe('fast loan');
  expect(marked('หมายจับพร้อมแล้ว', 'พร้อม')).toBe('หมายจับ‹พร้อม›แล้ว');
  expect(marked('nothing of it', '…')).toBe('nothing of it');
});

test('[RV-3] no mark loses or changes a sign of the text, and a long beginning is cut before the first one', () => {
  const text = `${'Far before it. '.repeat(20)}Here stands the warrant, and the Warrants after it.`;
  expect(
    markFound(text, 'warrant')
      .map((piece) => piece.text)
      .join(''),
  ).toBe(text);
  const [first, second] = glanceAt(text, 'warrant');
  expect(first).toEqual({ text: `…${text.slice(0, text.indexOf('warrant')).slice(-36)}`, hit: false });
  expect(second).toEqual({ text: 'warrant', hit: true });
});
