import { expect, test } from 'vitest';

import { byDesk, fits, noFilter } from '#client/features/review/access/people-filter.ts';
import { commonOf } from '#client/features/review/compare/common-of.ts';
import { fieldsBetween } from '#client/features/review/compare/fields-between.ts';
import type { Person } from '#shared/contracts/common.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';

/** The text with what differs from the other one between ‹ and ›. */
function parted(text: string, other: string): string {
  const { start, end } = commonOf(text, other);
  return `${text.slice(0, start)}‹${text.slice(start, end)}›${text.slice(end)}`;
}

test('[RV-20] what differs between two texts is marked in whole words, and nothing else is', () => {
  expect(parted('“Kelvin Tan” (alias)', '“Kelvin Tan” (arrested)')).toBe('“Kelvin Tan” (‹alias›)');
  expect(parted('Meet at noon', 'Meet at nine')).toBe('Meet at ‹noon›');
  expect(parted('Meet at noon', 'Meet noon')).toBe('Meet ‹at ›noon');
  expect(parted('Meet noon', 'Meet at noon')).toBe('Meet ‹›noon');
  expect(parted('', 'all new')).toBe('‹›');
  expect(parted('aa aa', 'aa aa aa')).toBe('aa aa‹›');
  expect(parted('account 𝟙', 'account 𝟚')).toBe('account ‹𝟙›');
  expect(parted('หมายศาล พร้อม', 'หมายค้น พร้อม')).toBe('‹หมายศาล› พร้อม');
});

test('[RV-20] of two states of one thing the fields are told that differ', () => {
  const was = { role: 'officer', compartments: 'main' };
  expect(fieldsBetween(was, { role: 'lead', compartments: 'main' })).toEqual([
    { name: 'role', was: 'officer', is: 'lead' },
  ]);
  expect(fieldsBetween(was, was)).toEqual([]);
});

const person = (name: string, country: string): Person => ({
  officer: asId<OfficerId>(name.padEnd(32, '0').replace(/[^0-9a-f]/g, '1')),
  handle: name,
  name,
  country,
  desk: `${country}-X`,
});

test('[RV-21] the filters of people leave those whom all of them fit, desk by desk', () => {
  const one = { person: person('ada', 'SG'), role: 'lead', could: true, consulted: false };
  const gone = { person: person('bea', 'TH'), role: null, could: false, consulted: true };
  const left = (change: Partial<typeof noFilter>) =>
    [one, gone].filter((row) => fits(row, { ...noFilter, ...change })).map((row) => row.person.name);
  expect(left({})).toEqual(['ada', 'bea']);
  expect(left({ show: 'could' })).toEqual(['ada']);
  expect(left({ show: 'unread' })).toEqual(['ada']);
  expect(left({ show: 'consulted' })).toEqual(['bea']);
  expect(left({ show: 'could-not', country: 'SG' })).toEqual([]);
  expect(left({ role: 'none' })).toEqual(['bea']);
  expect(byDesk([one, gone, one]).map(({ rows }) => rows.length)).toEqual([1, 1, 1]);
  expect(byDesk([one, one, gone]).map(({ rows }) => rows.length)).toEqual([2, 1]);
});
