import { afterAll, beforeAll, expect, test } from 'vitest';

import { rows, sql } from '#server/platform/storage/store.ts';
import { startHub, stopHubs } from '#tests/support/hub.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

import { type Enrolled, goodPassword, type LiveHub, startLiveHub } from './live-hub.ts';

const MINUTE = 60_000;
let hub: LiveHub;
let rui: Enrolled;
beforeAll(async () => {
  hub = await startLiveHub();
  rui = await hub.enrol((await hub.invite('Rui Costa')).token);
});
afterAll(stopHubs);

const signIn = (given: object) => hub.stranger().post('/sign-in', given);

test('[AC-17] e-mail, password and code open a session', async () => {
  const someone = hub.stranger();
  const me = await someone.must<object>('POST', '/sign-in', {
    email: rui.email.toUpperCase(),
    password: goodPassword,
    code: await rui.nextCode(),
  });
  expect(me).toMatchObject({ handle: 'rui.costa', deskKind: 'police', hostAdministrator: false });
  expect((await someone.get('/me')).body).toMatchObject({ handle: 'rui.costa' });
});

test('[AC-17] whichever of the three is wrong, the answer is the same', async () => {
  const code = await rui.nextCode();
  const right = { email: rui.email, password: goodPassword, code };
  const wrong = [
    { ...right, email: 'nobody@test.example' },
    { ...right, password: 'seven grey herons on a wirf' },
    { ...right, code: code === '000000' ? '111111' : '000000' },
    { ...right, email: (await hub.invite('Not Enrolled')).email },
  ];
  for (const given of wrong) expect(told(await signIn(given))).toEqual(refusal('sign-in.failed'));
  expect((await signIn(right)).status).toBe(200);
});

test('[AC-18] a code is good once, also when it arrives twice at once', async () => {
  const given = { email: rui.email, password: goodPassword, code: await rui.nextCode() };
  const answers = await Promise.all([signIn(given), signIn(given), signIn(given)]);
  expect(answers.map(codeOf).sort()).toEqual([null, 'sign-in.failed', 'sign-in.failed'].sort());
  expect(told(await signIn(given))).toEqual(refusal('sign-in.failed'));
});

test('[AC-18] a code is good for a step early or late, and no longer', async () => {
  const given = { email: rui.email, password: goodPassword, code: await rui.nextCode() };
  hub.clock.advance(90_000);
  expect(told(await signIn(given))).toEqual(refusal('sign-in.failed'));
  const late = { ...given, code: await rui.nextCode() };
  hub.clock.advance(30_000);
  expect((await signIn(late)).status).toBe(200);
});

test('[AC-21] a failed try is noted under the officer it was aimed at; an address nobody has leaves no entry', async () => {
  const entries = () =>
    hub.store.read((tx) =>
      rows<{ kind: string; actor_kind: string; object_id: string | null }>(
        tx,
        sql`select kind, actor_kind, object_id from entries where log_id = 'hub' and kind = 'session.refused' order by seq`,
      ),
    );
  const ana = await hub.enrol((await hub.invite('Ana Dias')).token);
  const before = (await entries()).length;
  await signIn({ email: 'ghost@test.example', password: goodPassword, code: '123456' });
  expect(await entries()).toHaveLength(before);
  await signIn({ email: ana.email, password: 'wrong', code: '123456' });
  await hub.clock.until(async () => (await entries()).length > before, 0, 'the failed try on the record');
  expect((await entries()).at(-1)).toEqual({
    kind: 'session.refused',
    actor_kind: 'anonymous',
    object_id: ana.me.officer,
  });
});

test('[AC-22] the cookie is bound to the host, to this site and to HTTP, and is stored as its hash only', async () => {
  const someone = hub.stranger();
  const answered = await someone.post('/sign-in', {
    email: rui.email,
    password: goodPassword,
    code: await rui.nextCode(),
  });
  expect(answered.headers.getSetCookie()).toEqual([
    expect.stringMatching(/^__Host-muster=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/),
  ]);
  expect(answered.headers.get('cache-control')).toBe('no-store');
  const out = await someone.post('/sign-out');
  expect(out.headers.getSetCookie()).toEqual([
    '__Host-muster=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Strict',
  ]);
});

test('[AC-23] a session ends after 30 minutes without input; reading is no input', async () => {
  const someone = await signedIn();
  const live = await someone.connect();
  for (let minute = 0; minute < 25; minute += 5) {
    hub.clock.advance(5 * MINUTE);
    expect((await someone.get('/me')).status).toBe(200);
  }
  hub.clock.advance(5 * MINUTE);
  expect(told(await someone.get('/me'))).toEqual(refusal('session.missing'));
  await hub.clock.until(() => live.closed, 2_000, 'the end of the socket');
  expect(live.ended).toMatchObject([{ operationId: null, code: 'session.ended' }]);
});

test('[AC-23] input keeps a session, for 12 hours and no longer', async () => {
  const someone = await signedIn();
  for (let minute = 0; minute < 12 * 60 - 20; minute += 20) {
    hub.clock.advance(20 * MINUTE);
    const written = await someone.post('/operations', { name: `SHIFT ${minute}`, purpose: '' });
    expect(written.status).toBe(200);
    await touched(someone.cookie);
  }
  expect((await someone.get('/me')).status).toBe(200);
  hub.clock.advance(20 * MINUTE);
  expect(told(await someone.get('/me'))).toEqual(refusal('session.missing'));
  expect(told(await someone.post('/operations', { name: 'LATE', purpose: '' }))).toEqual(
    refusal('session.missing'),
  );
});

test('[AC-24] signing out ends the session and its sockets; other sessions of the officer go on', async () => {
  const [one, other] = [await signedIn(), await signedIn()];
  const [here, there] = [await one.connect(), await other.connect()];
  const before = one.cookie;
  expect((await one.post('/sign-out')).status).toBe(200);
  await here.until(() => here.closed, 'the end of the socket');
  expect(here.ended).toMatchObject([{ operationId: null, code: 'session.ended' }]);
  one.cookie = before;
  expect(told(await one.get('/me'))).toEqual(refusal('session.missing'));
  await expect(one.connect()).rejects.toThrow();
  expect((await other.get('/me')).status).toBe(200);
  expect(there.closed).toBe(false);
  there.socket.disconnect();
});

test('[AC-27] a hub that is live has no one-click sign-in', async () => {
  expect(told(await signIn({})).status).toBe(400);
  const answered = await hub.stranger().post('/exercise/sign-in', { officer: 'tan.wei' });
  expect(told(answered)).toEqual(refusal('no.such.call'));
  expect((await hub.stranger().get('/hub')).body).toMatchObject({ mode: 'live', cast: [] });
});

test('[AC-27] an exercise does not start on what a live hub wrote, nor the other way round', async () => {
  const sharedStore = { ...hub.store, close: async () => undefined };
  await expect(startHub({ mode: 'exercise', sharedStore })).rejects.toThrow(/holds a real hub/);
});

async function signedIn() {
  const someone = hub.stranger();
  await someone.must('POST', '/sign-in', {
    email: rui.email,
    password: goodPassword,
    code: await rui.nextCode(),
  });
  return someone;
}

/** Input is written a moment after the reply; the next step waits for it. */
async function touched(cookie: string | null): Promise<void> {
  expect(cookie).not.toBe(null);
  const newest = () =>
    hub.store.read((tx) =>
      rows<{ at: number }>(tx, sql`select max(last_input_ms) as at from sessions where ended_ms is null`),
    );
  await hub.clock.until(async () => (await newest())[0]?.at === hub.clock.now(), 0, 'the input to be noted');
}
