import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Debrief } from '#shared/contracts/review-report.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { readingBy } from './reading.ts';
import { importOf } from './story.ts';
import { amber, reviewBy } from './support.ts';

let hub: TestHub;
let operation: Operation;
let tan: TestOfficer;

beforeAll(async () => {
  hub = await startHub();
  operation = await hub.operation('=GLACIER <b>', { chanida: 'officer', jonas: 'officer' });
  [tan] = [await hub.signIn('tan.wei')];
  const chanida = await hub.signIn('chanida');
  const say = (officer: TestOfficer, text: string, more: object = {}) =>
    officer.must<{ id: string; seq: number }>('POST', `/operations/${operation.id}/messages`, {
      text,
      compartment: operation.main,
      handling: amber,
      ...more,
    });
  const asked = await say(tan, 'Anything from the bank?');
  await say(chanida, 'Yes', { replyTo: asked.id });
  await say(tan, 'Thanks', { replyTo: asked.id, handling: { ...amber, tlp: 'RED' } });
  await importOf(chanida, operation, 1, 7);
  await tan.must('POST', `/operations/${operation.id}/close`, { reason: 'Done' });
  await tan.must('POST', `/operations/${operation.id}/begin-review`, { reason: 'Debrief' });
  await tan.must('POST', `/operations/${operation.id}/findings`, {
    sort: 'finding',
    title: '<script>alert(1)</script>',
    text: 'Bank was slow',
    pinned: asked.seq,
  });
}, 60_000);
afterAll(stopHubs);

const download = (officer: TestOfficer, format: string) =>
  officer.post(`/operations/${operation.id}/report`, { format, purpose: 'Debrief' });

test('[RV-18] figures are of each country, with rows of imports and the time until a reply', async () => {
  const review = readingBy(tan, operation);
  const reading = await review.open('report');
  const debrief = await review.get<Debrief>('/report', { reading });
  expect(debrief).toMatchObject({ asOf: reading + 1, marking: 'RED', operation: { state: 'review' } });
  const of = (country: string) => debrief.countries.find((one) => one.country === country);
  expect(of('TH')).toMatchObject({
    messages: 1,
    indicators: 7,
    members: 1,
    replies: 1,
    medianReplyMinutes: 0,
    denials: 0,
  });
  expect(of('SG')).toMatchObject({
    messages: 2,
    indicators: 0,
    members: 1,
    replies: 0,
    medianReplyMinutes: null,
  });
  expect(of('DE')).toMatchObject({ members: 1, acts: 0 });
  const { total } = await review.timeline({ country: 'SG' });
  expect(of('SG')?.acts).toBe(total);
  expect(debrief.findings).toHaveLength(1);
  expect(debrief.moments.map(({ kind }) => kind)).toEqual([
    'operation.created',
    'member.added',
    'member.added',
    'member.added',
    'indicators.imported',
    'operation.closed',
    'operation.review-begun',
    'finding.opened',
  ]);
  expect(debrief.moments[1]?.about).toContain('Tan Wei');
});

test('[RV-26] the hours of a country add up to its acts and denials, at the same end of the record', async () => {
  const chanida = await hub.signIn('chanida');
  expect((await chanida.get(`/operations/${operation.id}/report?reading=1`)).status).toBe(403);
  const review = readingBy(tan, operation);
  const reading = await review.open('report');
  await tan.must('POST', `/operations/${operation.id}/findings`, {
    sort: 'question',
    title: 'After the opening',
    pinned: 0,
  });
  const debrief = await review.get<Debrief>('/report', { reading });
  const sums = new Map<string, number>();
  for (const { country, count } of debrief.density) sums.set(country, (sums.get(country) ?? 0) + count);
  const counted = debrief.countries.map(({ country, acts, denials }) => [country, acts + denials] as const);
  expect(Object.fromEntries(sums)).toEqual(Object.fromEntries(counted.filter(([, sum]) => sum > 0)));
  expect(counted.find(([country]) => country === 'TH')?.[1]).toBeGreaterThan(0);
  const { density } = await review.timeline();
  expect(debrief.density).toEqual(density);
});

test('[RV-19] page and CSV are on the record, marked, and run nothing', async () => {
  const page = await download(tan, 'html');
  expect([page.status, page.headers.get('content-disposition')]).toEqual([
    200,
    'attachment; filename="debrief.html"',
  ]);
  const text = String(page.body);
  expect(text).toContain('<p class="mark top">TLP:RED</p>');
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toMatch(/<script|=GLACIER <b>|javascript:|https?:/i);
  const csv = String((await download(tan, 'csv')).body).split('\r\n');
  expect(csv[0]).toMatch(/^Marking,Country,/);
  expect(csv.slice(1, -1).every((line) => line.startsWith('TLP:RED,'))).toBe(true);
  const { entries } = await reviewBy(tan, operation).entries({ kind: 'record.exported' });
  expect(entries.map(({ body }) => body)).toEqual([
    { purpose: 'Debrief', format: 'debrief/csv' },
    { purpose: 'Debrief', format: 'debrief/html' },
  ]);
  expect((await download(await hub.signIn('chanida'), 'csv')).status).toBe(403);
});
