import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { allCalls } from '#shared/contracts/registry.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { refusal, told } from '#tests/support/refusal.ts';
import { sampleOf } from '#tests/support/samples.ts';

import { boundRoomCalls } from './room-calls.ts';

const absent = randomBytes(16).toString('hex');
let hub: TestHub;
let glacier: Operation;

beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER', { chanida: 'officer' });
});
afterAll(stopHubs);

test('[AC-3] every call answers an outsider as if the operation did not exist', async () => {
  const nguyen = await hub.signIn('nguyen');
  const answers: Record<string, unknown> = {};
  for (const call of await boundRoomCalls(hub)) {
    const given = { ...sampleOf(call), commandId: nguyen.commandId() };
    const [foreign, none] = [
      await nguyen.request(call.method, sampleOf(call, { operationId: glacier.id }).path, given.body),
      await nguyen.request(call.method, sampleOf(call, { operationId: absent }).path, given.body),
    ];
    expect(told(foreign), call.name).toEqual(told(none));
    answers[call.name] = told(foreign);
  }
  const names = Object.keys(answers);
  expect(names.length).toBeGreaterThan(10);
  expect(answers).toEqual(Object.fromEntries(names.map((name) => [name, refusal('not.found')])));
});

test('[AC-3] over a socket too, and the knock is an entry that only the operation sees', async () => {
  const [tan, nguyen] = [await hub.signIn('tan.wei'), await hub.signIn('nguyen')];
  const [inside, outside] = [await tan.connect(), await nguyen.connect()];
  expect(await inside.enter(glacier.id)).toMatchObject({ ok: true });
  const [foreign, none] = [await outside.enter(glacier.id), await outside.enter(absent)];
  expect(foreign).toEqual(none);
  expect(foreign).toMatchObject({ ok: false, refusal: { code: 'not.found' } });
  await inside.until(
    () => inside.entries.some(({ by }) => by?.handle === 'nguyen'),
    'the knock on the record',
  );
  expect(inside.entries.find(({ by }) => by?.handle === 'nguyen')).toMatchObject({
    kind: 'access.refused',
    outcome: 'refused',
    compartment: glacier.main,
    body: { code: 'not.found', times: 1 },
  });
  expect(outside.frames).toEqual([]);
});

test('[AC-3] whoever was removed is an outsider again', async () => {
  const tundra = await hub.operation('TUNDRA', { chanida: 'officer' });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  expect((await chanida.get(`/operations/${tundra.id}`)).status).toBe(200);
  await tan.must('POST', `/operations/${tundra.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: 'Left.',
  });
  expect(told(await chanida.get(`/operations/${tundra.id}`))).toEqual(refusal('not.found'));
});

test('[AC-4] lists name only the operations one is a member of', async () => {
  const [tan, nguyen, chanida] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('nguyen'),
    await hub.signIn('chanida'),
  ];
  const namesOf = (body: unknown) =>
    (body as { operations: { name: string }[] }).operations.map(({ name }) => name);
  expect(namesOf((await nguyen.get('/operations')).body)).toEqual([]);
  expect(namesOf((await chanida.get('/operations')).body)).toEqual(['GLACIER']);
  expect(namesOf((await tan.get('/operations')).body)).toContain('GLACIER');
});

test('[AC-15] without a session every call that needs one is refused, with or without a cookie', async () => {
  const stranger = hub.stranger();
  const { body } = await stranger.get('/openapi.json');
  const bound = JSON.stringify(body);
  for (const cookie of [null, `__Host-muster=${'a'.repeat(43)}`, '__Host-muster=rubbish', 'other=1']) {
    for (const call of allCalls.filter(
      ({ name, needs }) => needs !== 'nobody' && bound.includes(`"${name}"`),
    )) {
      stranger.cookie = cookie;
      const { method, path, body: given } = sampleOf(call, { operationId: glacier.id });
      expect(told(await stranger.request(method, path, given)), call.name).toEqual(
        refusal(call.needs === 'witness' ? 'witness.refused' : 'session.missing'),
      );
    }
  }
});
