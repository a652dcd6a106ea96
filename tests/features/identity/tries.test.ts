import { afterAll, expect, test } from 'vitest';

import { stopHubs } from '#tests/support/hub.ts';
import { codeOf } from '#tests/support/refusal.ts';

import { goodPassword, startLiveHub } from './live-hub.ts';

afterAll(stopHubs);

test('[AC-21] after ten tries the right password is refused too, for that account only; a good sign-in gives tries back', async () => {
  const hub = await startLiveHub({ limitScale: 1 });
  const [rui, ana] = [
    await hub.enrol((await hub.invite('Rui Costa')).token),
    await hub.enrol((await hub.invite('Ana Dias')).token),
  ];
  const wrong = () =>
    hub.stranger().post('/sign-in', { email: rui.email, password: 'wrong', code: '123456' });
  const right = async (who: typeof rui) =>
    hub.stranger().post('/sign-in', { email: who.email, password: goodPassword, code: await who.nextCode() });
  for (let tried = 0; tried < 9; tried++) expect(codeOf(await wrong())).toBe('sign-in.failed');
  expect((await right(rui)).status).toBe(200);
  for (let tried = 0; tried < 10; tried++) expect(codeOf(await wrong())).toBe('sign-in.failed');
  const late = await right(rui);
  expect(codeOf(late)).toBe('too.many');
  expect(Number(late.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await right(ana)).status).toBe(200);
}, 60_000);
