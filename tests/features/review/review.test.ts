import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { refusals } from '#shared/kernel/refusals.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { reviewBy } from './support.ts';

let hub: TestHub;
let glacier: Operation;
let [tan, chanida, jonas, amelie]: TestOfficer[] = [];
beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer', amelie: 'auditor' });
  [tan, chanida, jonas, amelie] = await Promise.all(
    ['tan.wei', 'chanida', 'jonas', 'amelie'].map((handle) => hub.signIn(handle)),
  );
});
afterAll(stopHubs);

const by = (officer: TestOfficer | undefined, operation = glacier) => {
  if (officer === undefined) throw new Error('nobody has signed in');
  return reviewBy(officer, operation);
};

test('[RC-41] entries are filtered by country, officer, kind, object, outcome and time, newest first', async () => {
  const operation = await hub.operation('HARBOUR', { chanida: 'officer', amelie: 'auditor' });
  const review = by(tan, operation);
  const first = await review.say('One.', operation.main);
  const second = await by(chanida, operation).say('Two.', operation.main);
  await chanida?.post(`/operations/${operation.id}/review`, {});
  const posted = (await review.entries({ kind: 'message.posted' })).entries;
  expect(posted.map(({ seq, body }) => [seq, body])).toEqual([
    [second.seq, expect.objectContaining({ text: 'Two.' })],
    [first.seq, expect.objectContaining({ text: 'One.' })],
  ]);
  const seqs = async (filter: object) => (await review.entries(filter)).entries.map(({ seq }) => seq);
  expect(await seqs({ kind: 'message.posted', country: 'TH' })).toEqual([second.seq]);
  expect(await seqs({ kind: 'message.posted', officerId: hub.officerId('tan.wei') })).toEqual([first.seq]);
  expect(await seqs({ objectId: second.id })).toEqual([second.seq]);
  const { entries: refused } = await review.entries({ outcome: 'refused' });
  expect(refused.map(({ kind, country, by: who }) => [kind, country, who?.handle])).toEqual([
    ['access.refused', 'TH', 'chanida'],
  ]);
  const at = posted[0]?.at ?? '';
  const later = isoTime(Date.parse(at) + 1);
  expect(await seqs({ objectId: second.id, from: at, until: later })).toEqual([second.seq]);
  expect(await seqs({ objectId: second.id, until: at })).toEqual([]);
  expect(await seqs({ objectId: second.id, from: later })).toEqual([]);
});

test('[RC-41] the total and the counts by hour and country are of the entries under the same filter', async () => {
  const operation = await hub.operation('MONSOON', { chanida: 'officer' });
  for (const officer of [tan, chanida, chanida]) await by(officer, operation).say('Here.', operation.main);
  const filter = { kind: 'message.posted' };
  const first = await by(tan, operation).entries({ ...filter, limit: '2' });
  const hour = isoTime(
    Date.parse(first.entries[0]?.at ?? '') - (Date.parse(first.entries[0]?.at ?? '') % 3_600_000),
  );
  expect({ ...first, entries: first.entries.length }).toEqual({
    asOf: expect.any(Number),
    entries: 2,
    total: 3,
    more: true,
    density: [
      { hour, country: 'SG', count: 1 },
      { hour, country: 'TH', count: 2 },
    ],
  });
  const next = await by(tan, operation).entries({ ...filter, before: String(first.entries.at(-1)?.seq) });
  expect([next.entries.length, next.total, next.more]).toEqual([1, 3, false]);
});

test('[RC-41] counts are exact whether or not the record has been derived so far', async () => {
  const operation = await hub.operation('TIDE', { chanida: 'officer' });
  const counts = async () => {
    const { density, total } = await by(tan, operation).entries({ kind: 'message.posted', limit: '1' });
    const of = (country: string) =>
      density.filter((one) => one.country === country).reduce((sum, { count }) => sum + count, 0);
    return { total, SG: of('SG'), TH: of('TH') };
  };
  await by(tan, operation).say('Not derived yet.', operation.main);
  expect(await counts()).toEqual({ total: 1, SG: 1, TH: 0 });
  // The timeline waits for everything to be derived.
  await tan?.must('GET', `/operations/${operation.id}/timeline`);
  expect(await counts()).toEqual({ total: 1, SG: 1, TH: 0 });
  await by(tan, operation).say('After that, in the same hour.', operation.main);
  await by(chanida, operation).say('So is this.', operation.main);
  expect(await counts()).toEqual({ total: 3, SG: 2, TH: 1 });
});

test('[RC-41] board changes are listed without their bytes, and large contents are left out', async () => {
  const operation = await hub.operation('ATOLL');
  const { append, store } = hub.hub;
  const fact = {
    by: { kind: 'hub' },
    object: null,
    compartment: asId<CompartmentId>(operation.main),
    outcome: 'ok',
    command: null,
  } as const;
  await store.write((tx) =>
    append(tx, {
      log: operation.id,
      epoch: null,
      facts: [
        { ...fact, kind: 'board.updated', body: new Uint8Array(100) },
        { ...fact, kind: 'indicators.import-part', body: { rows: 'x'.repeat(16_384) } },
        { ...fact, kind: 'indicators.imported', body: { rows: 'x'.repeat(16_373) } },
      ],
    }),
  );
  const { entries } = await by(tan, operation).entries({ limit: '3' });
  expect(entries.map(({ kind, size, body }) => [kind, size, body === null])).toEqual([
    ['indicators.imported', 16_384, false],
    ['indicators.import-part', 16_395, true],
    ['board.updated', 100, true],
  ]);
});

test('[RC-41] an auditor without a compartment sees, counts and pages past nothing of it', async () => {
  const operation = await hub.operation('DELTA', { amelie: 'auditor', jonas: 'officer' });
  const message = await by(jonas, operation).say('To the lane.', operation.partners);
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[operation.main]}
        where operation_id = ${operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
  const seen = await by(amelie, operation).entries({ kind: 'message.posted' });
  expect(seen).toEqual({ asOf: expect.any(Number), entries: [], total: 0, more: false, density: [] });
  expect(
    (await by(tan, operation).entries({ kind: 'message.posted' })).entries.map(({ seq }) => seq),
  ).toEqual([message.seq]);
});

test('[RC-42] opening the review is an entry, also when the operation is closed', async () => {
  const operation = await hub.operation('EMBER');
  await tan?.must('POST', `/operations/${operation.id}/close`, { reason: 'Done.' });
  const { size } = await by(tan, operation).open('Debrief');
  const { entries, asOf } = await by(tan, operation).entries({ kind: 'record.consulted' });
  expect([size, entries.map(({ seq, body, verb }) => [seq, body, verb])]).toEqual([
    asOf,
    [[asOf - 1, { purpose: 'Debrief', what: 'timeline' }, 'consultation']],
  ]);
});

test('[RC-43] leads and auditors review; officers and partners are refused, which is an entry', async () => {
  const operation = await hub.operation('FJORD', { chanida: 'officer', jonas: 'officer', amelie: 'auditor' });
  const at = `/operations/${operation.id}`;
  const refusal = { error: { code: 'not.allowed', sentence: refusals['not.allowed'].sentence } };
  for (const officer of [chanida, jonas]) {
    for (const answered of [
      await officer?.get(`${at}/entries`),
      await officer?.post(`${at}/review`),
      await officer?.post(`${at}/export`),
    ]) {
      expect([answered?.status, answered?.body]).toEqual([403, refusal]);
    }
  }
  expect((await amelie?.get(`${at}/entries`))?.status).toBe(200);
  const { entries } = await by(tan, operation).entries({ outcome: 'refused' });
  expect(entries.map(({ by: who, body }) => [who?.handle, body]).sort()).toEqual(
    ['chanida', 'jonas']
      .flatMap((handle) => [
        [handle, expect.objectContaining({ rule: 'record.export', code: 'not.allowed' })],
        [handle, expect.objectContaining({ rule: 'record.review', code: 'not.allowed' })],
      ])
      .sort(),
  );
});
