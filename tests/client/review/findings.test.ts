import { expect, test } from 'vitest';

import { ordered } from '#client/features/review/debrief/figures.ts';
import { layOut, marksIn } from '#client/features/review/density/density.ts';
import { lastSeq, pinsOf, pinsOnLine } from '#client/features/review/findings/findings.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import type { CountryFigures } from '#shared/contracts/review-report.ts';
import { asId, type CompartmentId, type FindingId, type OfficerId } from '#shared/kernel/ids.ts';

const at = '2026-11-24T20:15:00.000Z';
const by = {
  officer: asId<OfficerId>('1'.repeat(32)),
  name: 'Tan Wei',
  handle: 'tan.wei',
  desk: 'SG-CCD',
  country: 'SG',
};

function findingOn(seq: number, pinned: Partial<Finding['pinned']> = {}): Finding {
  const object = { kind: 'board', id: 'a' };
  return {
    id: asId<FindingId>(String(seq).padStart(32, '0')),
    sort: 'finding',
    state: 'open',
    title: `On ${seq}`,
    text: '',
    pinned: { seq, at, kind: 'board.updated', country: 'SG', by, object, ...pinned },
    compartment: asId<CompartmentId>('c'.repeat(32)),
    seq: 100 + seq,
    by,
    at,
    answers: [],
    conclusion: null,
  };
}

const titles = (findings: readonly Finding[]) => findings.map(({ title }) => title);

test('[RV-6] [RV-25] a folded line is marked by what is pinned to any change of its own board, and by no other', () => {
  const pins = pinsOf([
    findingOn(3),
    findingOn(4, { object: { kind: 'board', id: 'b' } }),
    findingOn(5, { kind: 'message.posted' }),
    findingOn(7),
    findingOn(7),
    findingOn(8),
  ]);
  const line = { entry: { seq: 7, kind: 'board.updated', object: { id: 'a' } }, firstSeq: 3, count: 3 };
  expect(titles(pinsOnLine(pins, line))).toEqual(['On 3', 'On 7', 'On 7']);
  expect(titles(pinsOnLine(pins, { ...line, firstSeq: 7, count: 1 }))).toEqual(['On 7', 'On 7']);
  expect(titles(pinsOnLine(pins, { ...line, firstSeq: 6, count: 2 }))).toEqual(['On 7', 'On 7']);
});

test('[RV-25] a finding is marked at the country and hour of what it is about, and nowhere when that is not seen', () => {
  const density = layOut([
    { hour: '2026-11-24T20:00:00.000Z', country: 'SG', count: 9 },
    { hour: '2026-11-24T22:00:00.000Z', country: '', count: 2 },
  ]);
  if (density === null) throw new Error('nothing laid out');
  const later = { at: '2026-11-24T22:59:59.999Z', country: null };
  const elsewhere = { at: '2026-11-24T20:00:00.000Z', country: 'TH' };
  const marks = marksIn(density, [
    findingOn(1),
    findingOn(2),
    findingOn(3, later),
    findingOn(4, elsewhere),
    findingOn(5, { kind: '', country: null }),
  ]);
  expect(marks.map(({ row, along, findings }) => [row, along * density.columns, titles(findings)])).toEqual([
    [0, 0.5, ['On 1', 'On 2']],
    [1, 2.5, ['On 3']],
  ]);
});

test('[RV-16] the newest act of a finding is its conclusion, else its last answer, else itself', () => {
  const said = { seq: 300, by, at, text: 'Yes' };
  const answered = { ...findingOn(1), answers: [{ ...said, seq: 200 }, said] };
  expect([
    lastSeq(findingOn(1)),
    lastSeq(answered),
    lastSeq({ ...answered, conclusion: { ...said, seq: 400, kind: 'confirmed' } }),
  ]).toEqual([101, 300, 400]);
});

test('[RV-18] countries stand by the figure asked for, equal ones by name, and the hub last', () => {
  const of = (country: string, acts: number, medianReplyMinutes: number | null) =>
    ({ country, acts, medianReplyMinutes }) as CountryFigures;
  const all = [of('', 90, null), of('TH', 3, null), of('SG', 3, 0), of('FR', 7, 12)];
  const names = (by: Parameters<typeof ordered>[1]) => ordered(all, by).map(({ country }) => country);
  expect(names('acts')).toEqual(['FR', 'SG', 'TH', '']);
  expect(names('country')).toEqual(['FR', 'SG', 'TH', '']);
  expect(names('medianReplyMinutes')).toEqual(['FR', 'SG', 'TH', '']);
});
