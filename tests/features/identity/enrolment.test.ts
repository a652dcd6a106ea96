import { afterAll, beforeAll, expect, test } from 'vitest';

import { rows, sql } from '#server/platform/storage/store.ts';
import { stopHubs } from '#tests/support/hub.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

import { goodPassword, type LiveHub, startLiveHub } from './live-hub.ts';

const HOUR = 3_600_000;
let hub: LiveHub;
beforeAll(async () => {
  hub = await startLiveHub();
});
afterAll(stopHubs);

test('[AC-25] the first link makes the host administrator, once', async () => {
  expect(hub.administrator.me).toMatchObject({
    handle: 'ines.host',
    hostAdministrator: true,
    desk: 'HOST',
    country: 'ZZ',
  });
  expect((await hub.administrator.officer.get('/me')).body).toMatchObject({ handle: 'ines.host' });
  expect(await hub.hub.firstLink()).toBe(null);
});

test('[AC-25] a link is good once; the officer is active afterwards and signed in', async () => {
  const invited = await hub.invite('Rui Costa');
  const people = () => hub.administrator.officer.must<{ officers: object[] }>('GET', '/admin/people');
  expect((await people()).officers).toContainEqual(
    expect.objectContaining({ email: invited.email, state: 'invited' }),
  );
  const rui = await hub.enrol(invited.token);
  expect(rui.me).toMatchObject({ name: 'Rui Costa', email: invited.email, hostAdministrator: false });
  expect((await people()).officers).toContainEqual(
    expect.objectContaining({ email: invited.email, state: 'active' }),
  );
  const stranger = hub.stranger();
  expect(told(await stranger.post('/enrolment/read', { token: invited.token }))).toEqual(
    refusal('enrolment.invalid'),
  );
  const again = { token: invited.token, password: goodPassword, code: await rui.nextCode() };
  expect(told(await stranger.post('/enrolment/complete', again))).toEqual(refusal('enrolment.invalid'));
});

test('[AC-25] two people with one link at once: one of them is enrolled', async () => {
  const { token } = await hub.invite('Ana Dias');
  const { totp } = await hub
    .stranger()
    .must<{ totp: { secret: string } }>('POST', '/enrolment/read', { token });
  const body = { token, password: goodPassword, code: await hub.codeFor(totp.secret) };
  const answers = await Promise.all([1, 2, 3].map(() => hub.stranger().post('/enrolment/complete', body)));
  expect(answers.map(codeOf).sort()).toEqual(['enrolment.invalid', 'enrolment.invalid', null]);
});

test('[AC-25] a code that does not fit uses nothing up', async () => {
  const { token } = await hub.invite('Rita Gomes');
  const body = { token, password: goodPassword, code: '000000' };
  expect(codeOf(await hub.stranger().post('/enrolment/complete', body))).toBe('sign-in.failed');
  expect((await hub.enrol(token)).me.name).toBe('Rita Gomes');
});

test.each([
  ['short of 15', 'fewer than 15 characters'],
  ['passwordpassword', 'made of common words, your own name or repeats'],
  ['aaaaaaaaaaaaaaaaaaaa', 'made of common words, your own name or repeats'],
  ['Nuno Lopes nuno.lopes', 'made of common words, your own name or repeats'],
])('[AC-26] %j is refused as a password', async (password, what) => {
  const { token } = await hub.invite(`Nuno Lopes ${password.length}`);
  const { totp } = await hub
    .stranger()
    .must<{ totp: { secret: string } }>('POST', '/enrolment/read', { token });
  const body = { token, password, code: await hub.codeFor(totp.secret) };
  const answered = await hub.stranger().post('/enrolment/complete', body);
  expect(told(answered)).toEqual(refusal('password.weak', { where: 'password', what }));
});

test('[AC-25] a new link spends the earlier one and ends every session of the officer', async () => {
  const invited = await hub.invite('Joana Faria');
  const joana = await hub.enrol(invited.token);
  const live = await joana.officer.connect();
  const issue = () =>
    hub.administrator.officer.must<{ token: string }>('POST', `/admin/officers/${invited.id}/enrolment`, {});
  const [first, second] = [await issue(), await issue()];
  await live.until(() => live.closed, 'the end of the socket');
  expect(live.ended).toMatchObject([{ operationId: null, code: 'session.ended' }]);
  expect(told(await joana.officer.get('/me'))).toEqual(refusal('session.missing'));
  expect(codeOf(await hub.stranger().post('/enrolment/read', { token: first.token }))).toBe(
    'enrolment.invalid',
  );
  const again = await hub.enrol(second.token);
  expect(again.secret).not.toBe(joana.secret);
  expect(again.me.officer).toBe(joana.me.officer);
});

test('[AC-11] a reply that carries a link is not kept: its repeat is refused, and adds nobody', async () => {
  const { desks } = await hub.administrator.officer.must<{ desks: { id: string }[] }>('GET', '/admin/people');
  const body = {
    commandId: hub.administrator.officer.commandId(),
    deskId: desks[0]?.id,
    name: 'Once Only',
    email: 'once@test.example',
  };
  expect((await hub.administrator.officer.post('/admin/officers', body)).status).toBe(200);
  const again = await hub.administrator.officer.post('/admin/officers', body);
  expect(told(again)).toEqual(
    refusal('already.exists', { where: 'commandId', what: 'this command id has been used' }),
  );
});

test('[AC-20] whoever is no administrator administers nothing, and the try is on the hub’s record', async () => {
  const rita = await hub.enrol((await hub.invite('Mia Pinto')).token);
  expect(told(await rita.officer.get('/admin/people'))).toEqual(refusal('not.allowed'));
  const { officer } = rita.me;
  const denied = await hub.store.read((tx) =>
    rows<{ kind: string }>(
      tx,
      sql`select kind from entries where log_id = 'hub' and outcome = 'refused' and officer_id = ${officer}`,
    ),
  );
  expect(denied).toEqual([{ kind: 'access.refused' }]);
});

test('[AC-20] the administrator enters no operation they are no member of', async () => {
  const carla = await hub.enrol((await hub.invite('Carla Melo')).token);
  const opened = await carla.officer.must<{ id: string }>('POST', '/operations', {
    name: 'AURORA',
    purpose: '',
  });
  expect(told(await hub.administrator.officer.get(`/operations/${opened.id}`))).toEqual(refusal('not.found'));
  expect((await hub.administrator.officer.get('/operations')).body).toEqual({ operations: [] });
});

test('[AC-25] nothing of a link, a password or a second factor is in the database in clear', async () => {
  const { token } = await hub.invite('Vera Luz');
  const vera = await hub.enrol(token);
  const everything = await hub.store.read(async (tx) => {
    const parts = await Promise.all(
      ['officers', 'enrolments', 'sessions', 'commands', 'entries', 'entry_contents'].map((table) =>
        rows(tx, sql`select t::text as line from ${sql.table(table)} t`),
      ),
    );
    return JSON.stringify(parts);
  });
  const cookie = vera.officer.cookie?.split('=')[1] ?? 'none';
  for (const secret of [token, goodPassword, vera.secret, cookie]) {
    expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(secret).toString('hex'));
  }
});

// Last: the administrator's own session is over by then.
test('[AC-25] an officer’s link holds for 72 hours', async () => {
  const [early, late] = [await hub.invite('Eva Cruz'), await hub.invite('Ivo Reis')];
  hub.clock.advance(72 * HOUR - 60_000);
  const eva = await hub.enrol(early.token);
  expect(eva.me.name).toBe('Eva Cruz');
  hub.clock.advance(60_000);
  expect(told(await hub.stranger().post('/enrolment/read', { token: late.token }))).toEqual(
    refusal('enrolment.invalid'),
  );
});
