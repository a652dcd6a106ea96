import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Member } from '#shared/contracts/operations.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

const membersOf = async (officer: TestOfficer, { id }: Operation): Promise<string[]> =>
  (await officer.must<{ members: Member[] }>('GET', `/operations/${id}/members`)).members
    .map(({ handle }) => handle)
    .sort();

test('[AC-1] a lead admits an officer, who then enters; the act is an entry of the operation', async () => {
  const glacier = await hub.operation('GLACIER');
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  expect(told(await chanida.get(`/operations/${glacier.id}`))).toEqual(refusal('not.found'));
  const added = await tan.must<Member & { recorded: { seq: number } }>(
    'POST',
    `/operations/${glacier.id}/members`,
    {
      officerId: hub.officerId('chanida'),
      role: 'officer',
    },
  );
  expect(added).toMatchObject({
    handle: 'chanida',
    desk: 'TH-CCIB',
    country: 'TH',
    role: 'officer',
    compartments: [glacier.main, glacier.partners],
  });
  expect((await chanida.get(`/operations/${glacier.id}`)).body).toMatchObject({
    operation: { name: 'GLACIER', role: 'officer', state: 'live' },
    desks: [{ code: 'SG-CCD' }, { code: 'TH-CCIB' }].sort((a, b) => (a.code < b.code ? -1 : 1)),
  });
  const again = await tan.post(`/operations/${glacier.id}/members`, {
    officerId: hub.officerId('chanida'),
    role: 'lead',
  });
  expect(told(again)).toEqual(refusal('already.member'));
  const live = await tan.connect();
  await live.enter(glacier.id);
  await live.until(() => live.kinds.includes('room.entered'), 'the record');
  expect(live.entries.find(({ seq }) => seq === added.recorded.seq)).toMatchObject({
    kind: 'member.added',
    by: { handle: 'tan.wei' },
    object: { kind: 'officer', id: hub.officerId('chanida') },
    body: { role: 'officer', compartments: ['main', 'partners'] },
  });
});

test('[AC-7] a removed officer is told, loses every socket within a second, and nothing of theirs commits afterwards', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
  const [tan, chanida, sari] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('chanida'),
    await hub.signIn('sari'),
  ];
  const sockets = [await chanida.connect(), await chanida.connect()];
  const [other, watching] = [await sari.connect(), await tan.connect()];
  for (const live of [...sockets, other, watching])
    expect(await live.enter(glacier.id)).toMatchObject({ ok: true });

  // Posts are under way from before the removal until after it.
  let stop = false;
  const posting = (async () => {
    const answers: (string | null)[] = [];
    while (!stop) {
      const posted = await chanida.post(`/operations/${glacier.id}/messages`, {
        text: 'Still here?',
        compartment: glacier.main,
        handling: amber,
      });
      answers.push(codeOf(posted));
    }
    return answers;
  })();
  await watching.until(() => watching.kinds.filter((kind) => kind === 'message.posted').length > 3, 'posts');
  const removed = await tan.must<{ recorded: { seq: number } }>(
    'POST',
    `/operations/${glacier.id}/members/${hub.officerId('chanida')}/remove`,
    { reason: 'Moved on.' },
  );
  const committedAt = performance.now();
  for (const live of sockets) await live.until(() => live.closed, 'the end of the socket');
  expect(performance.now() - committedAt).toBeLessThan(1000);
  for (const live of sockets)
    expect(live.ended).toMatchObject([{ operationId: glacier.id, code: 'membership.ended' }]);
  stop = true;
  const answers = await posting;
  expect(answers[0]).toBe(null);
  expect(answers.at(-1)).toBe('not.found');

  await watching.until(() => watching.kinds.includes('access.refused'), 'the knock after the removal');
  const theirs = watching.entries.filter(
    ({ by, kind }) => by?.handle === 'chanida' && kind === 'message.posted',
  );
  expect(theirs.filter(({ seq }) => seq > removed.recorded.seq)).toEqual([]);
  expect(theirs.length).toBe(answers.filter((code) => code === null).length);
  expect(other.closed).toBe(false);
  expect(await membersOf(tan, glacier)).toEqual(['sari', 'tan.wei']);
});

test('[AC-7] [RM-2] whoever stays is told of the new epoch, and goes on receiving', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
  const [tan, sari] = [await hub.signIn('tan.wei'), await hub.signIn('sari')];
  const live = await sari.connect();
  const entered = await live.enter(glacier.id);
  const before = entered.ok ? entered.reply.aclEpoch : -1;
  await tan.must('POST', `/operations/${glacier.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: '',
  });
  await live.until(() => live.kinds.includes('member.removed'), 'the removal');
  expect(live.frames.at(-1)?.aclEpoch).toBe(before + 1);
  const opened = await sari.must<{ aclEpoch: number }>('GET', `/operations/${glacier.id}`);
  expect(opened.aclEpoch).toBe(before + 1);
});

test('[AC-8] the last lead stays, also when two leads remove each other at once', async () => {
  const glacier = await hub.operation('GLACIER', { bruno: 'lead' });
  const [tan, bruno] = [await hub.signIn('tan.wei'), await hub.signIn('bruno')];
  const remove = (by: TestOfficer, whom: string) =>
    by.post(`/operations/${glacier.id}/members/${hub.officerId(whom)}/remove`, { reason: 'At once.' });
  const answers = await Promise.all([remove(tan, 'bruno'), remove(bruno, 'tan.wei')]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const [left, name] = answers[0]?.status === 200 ? [tan, 'tan.wei'] : [bruno, 'bruno'];
  expect(await membersOf(left, glacier)).toEqual([name]);
  expect(told(await remove(left, name))).toEqual(refusal('last.lead'));
});

test('[AC-10] a partner learns nothing of who takes part', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
  const jonas = await hub.signIn('jonas');
  const opened = await jonas.must<object>('GET', `/operations/${glacier.id}`);
  expect(opened).toMatchObject({
    desks: [],
    partnerCount: 0,
    compartments: [{ id: glacier.partners, name: 'partners' }],
  });
  expect(JSON.stringify(opened)).not.toMatch(/TH-CCIB|SG-CCD|Chanida|Tan Wei/);
  expect(told(await jonas.get(`/operations/${glacier.id}/members`))).toEqual(refusal('not.allowed'));
  expect(told(await jonas.get(`/operations/${glacier.id}/candidates`))).toEqual(refusal('not.allowed'));
});

test('[AC-11] a repeated command is one act with one reply, over HTTP and over a socket', async () => {
  const glacier = await hub.operation('GLACIER');
  const tan = await hub.signIn('tan.wei');
  const body = { commandId: tan.commandId(), text: 'Once.', compartment: glacier.main, handling: amber };
  const first = await tan.post(`/operations/${glacier.id}/messages`, body);
  expect(first.status).toBe(200);
  expect(told(await tan.post(`/operations/${glacier.id}/messages`, body))).toEqual(told(first));
  const live = await tan.connect();
  expect(await live.say('call', { name: 'chat.post', input: { ...body, operationId: glacier.id } })).toEqual({
    ok: true,
    reply: first.body,
  });
  const another = await Promise.all(
    Array.from({ length: 8 }, () =>
      tan.post(`/operations/${glacier.id}/messages`, { ...body, commandId: '1'.repeat(32) }),
    ),
  );
  for (const one of another) expect(told(one)).toEqual(told(another[0] ?? one));
  const { messages } = await tan.must<{ messages: object[] }>('GET', `/operations/${glacier.id}/messages`);
  expect(messages).toHaveLength(2);
  const used = await tan.post(`/operations/${glacier.id}/close`, { commandId: body.commandId, reason: '' });
  expect(told(used)).toEqual(
    refusal('already.exists', { where: 'commandId', what: 'this command id has been used' }),
  );
});

test('[AC-19] a denial is an entry at once, its repeats within the minute are one more', async () => {
  const glacier = await hub.operation('GLACIER', { sari: 'observer' });
  const [tan, sari] = [await hub.signIn('tan.wei'), await hub.signIn('sari')];
  const live = await tan.connect();
  await live.enter(glacier.id);
  const post = () =>
    sari.post(`/operations/${glacier.id}/messages`, {
      text: 'May I?',
      compartment: glacier.main,
      handling: amber,
    });
  for (let tried = 0; tried < 5; tried++) expect(told(await post())).toEqual(refusal('not.allowed'));
  await live.until(() => live.kinds.includes('access.refused'), 'the denial');
  const denials = live.entries.filter(({ kind }) => kind === 'access.refused');
  expect(denials).toHaveLength(1);
  expect(denials[0]).toMatchObject({
    outcome: 'refused',
    by: { handle: 'sari' },
    object: { kind: 'officer', id: hub.officerId('sari') },
    body: { rule: 'chat.post', code: 'not.allowed', times: 1 },
  });
});

test('[AC-9] closing is once: the record says so, and what comes after is refused', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const live = await chanida.connect();
  await live.enter(glacier.id);
  const closed = await tan.must<{ state: string; closedAt: string }>(
    'POST',
    `/operations/${glacier.id}/close`,
    { reason: 'Done.' },
  );
  expect(closed).toMatchObject({ state: 'closed', closedAt: expect.any(String) });
  await live.until(() => live.kinds.includes('operation.closed'), 'the end of the operation');
  expect(live.closed).toBe(false);
  expect(told(await tan.post(`/operations/${glacier.id}/close`, { reason: 'Again.' }))).toEqual(
    refusal('operation.closed'),
  );
  const posted = await chanida.post(`/operations/${glacier.id}/messages`, {
    text: 'Too late.',
    compartment: glacier.main,
    handling: amber,
  });
  expect(told(posted)).toEqual(refusal('operation.closed'));
  expect((await chanida.get(`/operations/${glacier.id}/messages`)).status).toBe(200);
});

test('[AC-1] a partner opens no operation', async () => {
  const jonas = await hub.signIn('jonas');
  expect(told(await jonas.post('/operations', { name: 'OWN', purpose: '' }))).toEqual(refusal('not.allowed'));
});
