import { afterAll, expect, test, vi } from 'vitest';

import { systemClock } from '#server/app/system.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { newBoard } from '#tests/features/boards/support.ts';
import { startHub, stopHubs } from '#tests/support/hub.ts';
import { refusal } from '#tests/support/refusal.ts';

import { readingBy } from './reading.ts';

afterAll(stopHubs);
vi.setConfig({ testTimeout: 60_000 });

/** What a comparison is given for a board. */
const DEADLINE = 30_000;

test('[RV-13] a machine that is too slow for a comparison refuses it once, in words, and goes on', async () => {
  let slow = false;
  let waits = 0;
  // On this machine the half minute is over before a thread has started.
  const clock: Clock = {
    now: () => systemClock.now(),
    after(delay, act) {
      if (!slow || delay !== DEADLINE) return systemClock.after(delay, act);
      waits += 1;
      return systemClock.after(0, act);
    },
  };
  const hub = await startHub({ clock, signer: false });
  const operation = await hub.operation('GLACIER');
  const tan = await hub.signIn('tan.wei');
  const reading = await readingBy(tan, operation).open('comparison');
  await newBoard(tan, operation);
  const compare = () =>
    tan.get(`/operations/${operation.id}/replay/comparison?reading=${reading}&from=${reading}&to=1000`);
  // The follower reads boards on the same thread, and has had its turn.
  await readingBy(tan, operation).search('network');
  slow = true;
  const answered = await compare();
  slow = false;
  expect({
    status: answered.status,
    body: answered.body,
    again: answered.headers.get('retry-after'),
  }).toEqual({
    ...refusal('try.again', { what: 'the reading of a board took too long', retryAfter: 30 }),
    again: '30',
  });
  expect(waits).toBe(1);
  expect((await compare()).status).toBe(200);
});
