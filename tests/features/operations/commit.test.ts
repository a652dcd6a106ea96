import { afterAll, beforeAll, expect, test } from 'vitest';

import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';
import { SteeredStore } from '#tests/support/steered-store.ts';

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
const stores: SteeredStore[] = [];
let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;

beforeAll(async () => {
  hub = await startHub({
    // The signer writes by itself, and would take the place of the write that is meant.
    signer: false,
    store(real) {
      const steered = new SteeredStore(real);
      stores.push(steered);
      return steered;
    },
  });
  glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  tan = await hub.signIn('tan.wei');
});
afterAll(stopHubs);

const steered = (): SteeredStore => {
  const [store] = stores;
  if (store === undefined) throw new Error('the hub took no store');
  return store;
};
const post = (officer: TestOfficer, text: string) =>
  officer.post(`/operations/${glacier.id}/messages`, { text, compartment: glacier.main, handling: amber });
const words = async () =>
  (
    await tan.must<{ asOf: number; messages: { text: string }[] }>(
      'GET',
      `/operations/${glacier.id}/messages`,
    )
  ).messages.map(({ text }) => text);

test('[AC-5] what fails before its commit leaves neither message nor entry, and its repeat is the first', async () => {
  expect((await post(tan, 'first')).status).toBe(200);
  const live = await tan.connect();
  await live.enter(glacier.id);
  const body = { commandId: tan.commandId(), text: 'unlucky', compartment: glacier.main, handling: amber };
  steered().failNextBeforeCommit = true;
  expect(codeOf(await tan.post(`/operations/${glacier.id}/messages`, body))).toBe('internal');
  expect(await words()).toEqual(['first']);
  const again = await tan.must<{ seq: number }>('POST', `/operations/${glacier.id}/messages`, body);
  await live.until(() => live.entries.some(({ seq }) => seq === again.seq), 'the message');
  const posted = live.entries.filter(({ kind }) => kind === 'message.posted');
  expect(posted.map(({ body: said }) => Reflect.get(Object(said), 'text'))).toEqual(['first', 'unlucky']);
  expect(live.entries.map(({ seq }) => seq)).toEqual(live.entries.map((_, at) => at));
});

test('[AC-6] an act that was let in does not commit when its session ends before', async () => {
  const elsewhere = await hub.signIn('tan.wei');
  expect((await post(elsewhere, 'before')).status).toBe(200);
  const { held, release } = steered().holdNext();
  const late = post(elsewhere, 'after the session');
  await held;
  expect((await elsewhere.post('/sign-out')).status).toBe(200);
  release();
  expect(told(await late)).toEqual(refusal('session.ended'));
  expect(await words()).not.toContain('after the session');
});

test('[AC-7] an act that was let in does not commit when its officer is removed before', async () => {
  const chanida = await hub.signIn('chanida');
  expect((await post(chanida, 'as a member')).status).toBe(200);
  const { held, release } = steered().holdNext();
  const late = post(chanida, 'after the removal');
  await held;
  const removed = await tan.post(`/operations/${glacier.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: '',
  });
  expect(removed.status).toBe(200);
  release();
  expect(told(await late)).toEqual(refusal('not.found'));
  expect(await words()).not.toContain('after the removal');
});

test('[AC-6] whoever keeps their rights is asked again, and goes on, when the rights of others move', async () => {
  const { held, release } = steered().holdNext();
  const late = post(tan, 'across a change of rights');
  await held;
  const lead = await hub.signIn('tan.wei');
  await lead.must('POST', `/operations/${glacier.id}/members`, {
    officerId: hub.officerId('sari'),
    role: 'observer',
  });
  release();
  expect((await late).status).toBe(200);
  expect(await words()).toContain('across a change of rights');
});

test('[RM-6] whoever hangs up while they are being let in is not shown as present', async () => {
  const tundra = await hub.operation('TUNDRA', { sari: 'officer' });
  const sari = await hub.signIn('sari');
  const live = await sari.connect();
  const { held, release } = steered().holdNext();
  live.socket.emit('room.enter', { operationId: tundra.id, since: 0 }, () => undefined);
  await held;
  live.socket.disconnect();
  const watching = await (await hub.signIn('tan.wei')).connect();
  // Answered on the server only after it has seen the other socket go.
  await watching.say('call', { name: 'identity.me', input: {} });
  release();
  await watching.enter(tundra.id);
  await watching.until(
    () => watching.entries.some(({ by, kind }) => by?.handle === 'sari' && kind === 'room.entered'),
    'the entry',
  );
  await watching.until(() => watching.present.length > 0, 'presence');
  expect(watching.present.map(({ person }) => person.handle)).toEqual(['tan.wei']);
});
