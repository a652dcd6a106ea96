import { afterAll, expect, test } from 'vitest';

import { FakeClock } from '#tests/support/clock.ts';
import { startHub, stopHubs } from '#tests/support/hub.ts';
import { refusal, told } from '#tests/support/refusal.ts';

afterAll(stopHubs);

test('[AC-25] the first link holds for an hour, and a newer one spends it', async () => {
  const clock = new FakeClock();
  const hub = await startHub({ mode: 'live', clock });
  const read = async (token: string) => told(await hub.stranger().post('/enrolment/read', { token }));
  const link = await hub.hub.firstLink();
  expect(link?.expiresAt).toBe(clock.now() + 3_600_000);
  expect((await read(link?.token ?? '')).body).toMatchObject({ purpose: 'first-administrator', email: '' });

  const newer = await hub.hub.firstLink();
  expect(await read(link?.token ?? '')).toEqual(refusal('enrolment.invalid'));
  clock.advance(3_599_000);
  expect((await read(newer?.token ?? '')).status).toBe(200);
  clock.advance(1_000);
  expect(await read(newer?.token ?? '')).toEqual(refusal('enrolment.invalid'));
});
