import { afterAll, beforeAll, expect, test } from 'vitest';

import { retentionAt } from '#client/features/operations/lifecycle/retention.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { FakeClock } from '#tests/support/clock.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { operationAt, summaryOf } from './course.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

async function bodiesOf(log: string, kind: string): Promise<unknown[]> {
  const found = await hub.store.read((tx) =>
    rows<{ payload: Buffer }>(
      tx,
      sql`select c.payload from entries e join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
          where e.log_id = ${log} and e.kind = ${kind} order by e.seq`,
    ),
  );
  return found.map(({ payload }) => JSON.parse(payload.toString('utf8')));
}

test('[LC-13] the retention date is set, moved and taken away with a reason, and each is an entry', async () => {
  const operation = await operationAt(hub, 'live');
  const tan = await hub.signIn('tan.wei');
  const set = (until: string | null) =>
    tan.must('POST', `/operations/${operation.id}/retention`, { until, reason: 'Five years.' });
  expect(await set('2031-11-24')).toMatchObject({ retainUntil: '2031-11-24' });
  expect(await summaryOf(tan, operation.id)).toMatchObject({ retainUntil: '2031-11-24' });
  await set('2032-11-24');
  expect(await set(null)).toMatchObject({ retainUntil: null });
  expect(await bodiesOf(operation.id, 'retention.set')).toEqual([
    { until: '2031-11-24', before: null, reason: 'Five years.' },
    { until: '2032-11-24', before: '2031-11-24', reason: 'Five years.' },
    { until: null, before: '2032-11-24', reason: 'Five years.' },
  ]);
  const wrong = await tan.post(`/operations/${operation.id}/retention`, { until: '2031-02-30', reason: 'x' });
  expect(wrong.status).toBe(400);
});

test('[LC-15] once the day is over the record says so, once for each date', async () => {
  const clock = new FakeClock();
  const timed = await startHub({ clock });
  const operation = await timed.operation('TUNDRA');
  const tan = await timed.signIn('tan.wei');
  const set = (until: string) =>
    tan.must('POST', `/operations/${operation.id}/retention`, { until, reason: 'A day.' });
  const passed = async () => {
    const found = await timed.store.read((tx) =>
      rows(tx, sql`select 1 from entries where log_id = ${operation.id} and kind = 'retention.passed'`),
    );
    return found.length;
  };
  await set('2026-11-23');
  await minutes(2);
  expect(await passed()).toBe(0);
  await set('2026-11-22');
  await clock.until(async () => (await passed()) === 1, 60_000, 'the day that is over');
  await minutes(3);
  expect(await passed()).toBe(1);

  /** The watch looks once a minute; each look is over before the next minute passes. */
  async function minutes(count: number): Promise<void> {
    const end = clock.now() + count * 60_000;
    await clock.until(() => clock.now() >= end, 10_000, 'minutes');
  }
});

test('[LC-14] a date is near from thirty days before, to the end of its day in UTC', () => {
  const noon = Date.UTC(2026, 10, 23, 12);
  expect(retentionAt(null, noon)).toEqual({ state: 'none' });
  expect(retentionAt('2026-12-24', noon)).toEqual({ state: 'far', days: 31 });
  expect(retentionAt('2026-12-23', noon)).toEqual({ state: 'ahead', days: 30 });
  expect(retentionAt('2026-11-23', noon)).toEqual({ state: 'ahead', days: 0 });
  expect(retentionAt('2026-11-22', noon)).toEqual({ state: 'passed' });
});
