import { afterAll, beforeAll, expect, test } from 'vitest';

import { rows, sql } from '#server/platform/storage/store.ts';
import { leadsTo } from '#shared/policy/lifecycle.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { refusal, told } from '#tests/support/refusal.ts';

import { operationAt, summaryOf, takeTo } from './course.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

async function kindsOf(log: string): Promise<string[]> {
  const found = await hub.store.read((tx) =>
    rows<{ kind: string }>(tx, sql`select kind from entries where log_id = ${log} order by seq`),
  );
  return found.map(({ kind }) => kind);
}

test('[LC-2] [LC-3] an operation goes from planned to archived, each step with its reason on the record', async () => {
  const operation = await operationAt(hub, 'planned', { bruno: 'auditor' });
  const [tan, bruno] = [await hub.signIn('tan.wei'), await hub.signIn('bruno')];
  expect(await summaryOf(tan, operation.id)).toMatchObject({
    state: 'planned',
    closedAt: null,
    onHold: false,
  });
  const step = (who: typeof tan, call: string) =>
    who.must<{ state: string }>('POST', `/operations/${operation.id}/${call}`, { reason: `We ${call}.` });
  expect(await step(tan, 'start')).toMatchObject({ state: 'live' });
  expect(await step(tan, 'close')).toMatchObject({ state: 'closed', closedAt: expect.any(String) });
  expect(await step(bruno, 'begin-review')).toMatchObject({ state: 'review' });
  expect(await step(tan, 'archive')).toMatchObject({ state: 'archived' });
  const { steps } = await tan.must<{ steps: object[] }>('GET', `/operations/${operation.id}/lifecycle`);
  expect(steps).toMatchObject([
    { state: 'live', by: { handle: 'tan.wei' }, reason: 'We start.' },
    { state: 'closed', by: { handle: 'tan.wei' }, reason: 'We close.' },
    { state: 'review', by: { handle: 'bruno' }, reason: 'We begin-review.' },
    { state: 'archived', by: { handle: 'tan.wei' }, reason: 'We archive.' },
  ]);
  const course = ['operation.started', 'operation.closed', 'operation.review-begun', 'operation.archived'];
  expect((await kindsOf(operation.id)).filter((kind) => course.includes(kind))).toEqual(course);
});

test('[LC-2] nothing goes back or leaves a state out, and the database itself refuses to go back', async () => {
  const operation = await operationAt(hub, 'closed');
  const tan = await hub.signIn('tan.wei');
  const answers = [];
  for (const call of ['start', 'close', 'archive'])
    answers.push(told(await tan.post(`/operations/${operation.id}/${call}`, { reason: 'Again.' })));
  expect(answers).toEqual([
    refusal('operation.closed'),
    refusal('operation.closed'),
    refusal('operation.state'),
  ]);
  await expect(
    hub.store.write((tx) => sql`update operations set state = 'live' where id = ${operation.id}`.execute(tx)),
  ).rejects.toThrow(/goes forward/);
});

test('[LC-4] the same step taken twice at once is taken once', async () => {
  const operation = await operationAt(hub, 'closed', { bruno: 'auditor' });
  const [tan, bruno] = [await hub.signIn('tan.wei'), await hub.signIn('bruno')];
  const answers = await Promise.all(
    [tan, bruno, tan, bruno].map((who) =>
      who.post(`/operations/${operation.id}/begin-review`, { reason: 'Now.' }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  expect((await kindsOf(operation.id)).filter((kind) => kind === 'operation.review-begun')).toHaveLength(1);
});

test('[LC-5] in a planned operation everything works, and it may be closed without having been live', async () => {
  const operation = await operationAt(hub, 'planned', { chanida: 'officer' });
  const chanida = await hub.signIn('chanida');
  await chanida.must('POST', `/operations/${operation.id}/boards`, {
    title: 'Plan',
    compartment: operation.main,
  });
  await takeTo(hub, operation, 'closed');
  expect((await summaryOf(chanida, operation.id)).state).toBe('closed');
});

test('[LC-6] a review takes auditors and leads, nobody else; a closed operation takes nobody', async () => {
  const operation = await operationAt(hub, 'closed');
  const tan = await hub.signIn('tan.wei');
  const add = (role: string) =>
    tan.post(`/operations/${operation.id}/members`, { officerId: hub.officerId('bruno'), role });
  expect(told(await add('auditor'))).toEqual(refusal('operation.closed'));
  await takeTo(hub, operation, 'review');
  expect(told(await add('officer'))).toEqual(
    refusal('not.allowed', { where: 'role', what: 'a review takes auditors and leads' }),
  );
  expect((await add('auditor')).status).toBe(200);
});

test.each([...Object.values(leadsTo)])('[LC-7] a membership is ended in the state %s too', async (state) => {
  const operation = await operationAt(hub, state, { chanida: 'officer' });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  await tan.must('POST', `/operations/${operation.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: 'No longer with the desk.',
  });
  expect(told(await chanida.get(`/operations/${operation.id}`))).toEqual(refusal('not.found'));
});

test('[LC-9] [LC-10] an archived operation is on a list of its own, and read for a stated purpose only', async () => {
  const operation = await operationAt(hub, 'archived', { chanida: 'officer' });
  const chanida = await hub.signIn('chanida');
  const names = async (shelf: string) =>
    (
      await chanida.must<{ operations: { id: string }[] }>('GET', `/operations?shelf=${shelf}`)
    ).operations.map(({ id }) => id);
  expect(await names('daily')).not.toContain(operation.id);
  expect(await names('archive')).toContain(operation.id);
  expect(told(await chanida.get(`/operations/${operation.id}/messages`))).toEqual(refusal('purpose.needed'));
  await chanida.must('POST', `/operations/${operation.id}/purpose`, {
    purpose: 'Request 4/26 of the court.',
  });
  expect((await chanida.get(`/operations/${operation.id}/messages`)).status).toBe(200);
  // Another session of the same officer has to say it too.
  const elsewhere = await hub.signIn('chanida');
  expect(told(await elsewhere.get(`/operations/${operation.id}/messages`))).toEqual(
    refusal('purpose.needed'),
  );
  const kinds = await kindsOf(operation.id);
  expect(kinds.filter((kind) => kind === 'operation.purpose-stated')).toHaveLength(1);
  expect(kinds).not.toContain('access.refused');
});

test('[LC-10] who is in the room when it is archived is sent out of it, and told that a purpose is needed', async () => {
  const operation = await operationAt(hub, 'review', { chanida: 'officer' });
  const chanida = await hub.signIn('chanida');
  const live = await chanida.connect();
  await live.enter(operation.id);
  await takeTo(hub, operation, 'archived');
  await live.until(() => live.closed, 'the end of the room');
  expect(live.ended).toContainEqual(
    expect.objectContaining({ operationId: operation.id, code: 'purpose.needed' }),
  );
});
