import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { refusal, told } from '#tests/support/refusal.ts';

import { operationAt, summaryOf } from './course.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

type Hold = { id: string };
const order = { authority: 'High Court of Singapore', reason: 'Order 12/2026.' };

test('[LC-11] leads and auditors set and lift holds with authority and reason; the operation is shown as held', async () => {
  const operation = await operationAt(hub, 'live', { bruno: 'auditor', chanida: 'officer' });
  const [tan, bruno] = [await hub.signIn('tan.wei'), await hub.signIn('bruno')];
  const first = await tan.must<Hold>('POST', `/operations/${operation.id}/holds`, order);
  const second = await bruno.must<Hold>('POST', `/operations/${operation.id}/holds`, {
    authority: 'Commission',
    reason: 'Inquiry.',
  });
  expect(await summaryOf(tan, operation.id)).toMatchObject({ onHold: true });
  const lift = (id: string) =>
    tan.post(`/operations/${operation.id}/holds/${id}/lift`, { reason: 'The order has ended.' });
  expect((await lift(first.id)).body).toMatchObject({
    ...order,
    setBy: { handle: 'tan.wei' },
    lifted: { by: { handle: 'tan.wei' }, reason: 'The order has ended.' },
  });
  expect(told(await lift(first.id))).toEqual(refusal('not.found', { where: 'holdId' }));
  expect(await summaryOf(tan, operation.id)).toMatchObject({ onHold: true });
  await lift(second.id);
  expect(await summaryOf(tan, operation.id)).toMatchObject({ onHold: false });
  const { holds } = await bruno.must<{ holds: Hold[] }>('GET', `/operations/${operation.id}/lifecycle`);
  expect(holds.map(({ id }) => id)).toEqual([first.id, second.id]);
  const without = await tan.post(`/operations/${operation.id}/holds`, { ...order, authority: '  ' });
  expect(without.status).toBe(400);
});

test('[LC-12] while a hold stands the database itself lets no purge begin', async () => {
  const operation = await operationAt(hub, 'archived');
  const tan = await hub.signIn('tan.wei');
  await tan.must('POST', `/operations/${operation.id}/holds`, order);
  await expect(
    hub.store.write((tx) =>
      sql`update operations set state = 'purging', purged_below = 1 where id = ${operation.id}`.execute(tx),
    ),
  ).rejects.toThrow(/legal hold/);
});
