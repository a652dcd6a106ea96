import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

import { type DeskWitness, registered, witnessesBy } from './support.ts';

let hub: TestHub;
let tan: TestOfficer;
let chanida: TestOfficer;
let sari: TestOfficer;
let amelie: TestOfficer;
let jonas: TestOfficer;
beforeAll(async () => {
  hub = await startHub();
  const names = ['tan.wei', 'chanida', 'sari', 'amelie', 'jonas'];
  const all = await Promise.all(names.map((name) => hub.signIn(name)));
  [tan, chanida, sari, amelie, jonas] = all as [
    TestOfficer,
    TestOfficer,
    TestOfficer,
    TestOfficer,
    TestOfficer,
  ];
});
afterAll(stopHubs);

type Scene = { readonly operation: Operation; readonly th: DeskWitness; readonly id: DeskWitness };

/** Two desks whose witnesses make the quorum, and a third. */
async function scene(name: string): Promise<Scene> {
  const operation = await hub.operation(name, {
    chanida: 'officer',
    sari: 'officer',
    amelie: 'auditor',
    jonas: 'officer',
  });
  const th = await registered(chanida, 'TH-CCIB', operation);
  const id = await registered(sari, 'ID-SIBER', operation);
  expect((await witnessesBy(tan, operation).setQuorum([th.id, id.id], 2)).body).toMatchObject({
    text: expect.stringContaining('quorum desks'),
  });
  return { operation, th, id };
}

const listed = async (operation: Operation, by = tan) => witnessesBy(by, operation).list();
const requestIn = async (operation: Operation) => (await listed(operation)).request?.id ?? '';
const bodiesOf = async (operation: Operation, kind: string) =>
  (await reviewBy(tan, operation).entries({ kind })).entries.map(({ by, body }) => [by?.handle, body]);

test('[RC-88] [RC-89] a key that counts is retired when an officer of another desk confirms, and goes on until then', async () => {
  const { operation, th } = await scene('GLACIER');
  const { vkey } = (await listed(operation)).witnesses.find(({ desk }) => desk === 'TH-CCIB') ?? { vkey: '' };
  const ask = await witnessesBy(chanida, operation).retire(th.id, 'Machine lost.');
  expect(ask.body).toMatchObject({ state: 'asked' });
  const { request, witnesses } = await listed(operation, sari);
  expect(request).toMatchObject({
    change: { what: 'retire', witnessId: th.id },
    reason: 'Machine lost.',
    askedBy: { handle: 'chanida', desk: 'TH-CCIB' },
  });
  expect(Date.parse(request?.confirmBefore ?? '') - Date.parse(request?.askedAt ?? '')).toBe(72 * 3_600_000);
  expect(witnesses.find(({ desk }) => desk === 'TH-CCIB')).toMatchObject({ retiredAt: null, inQuorum: true });
  const { note } = await th.checkpoint();
  expect((await th.cosign(note ?? '')).status, 'it goes on cosigning').toBe(200);

  const requestId = request?.id ?? '';
  expect(told(await witnessesBy(chanida, operation).confirm(requestId))).toEqual(refusal('two.desks'));
  expect(told(await witnessesBy(amelie, operation).confirm(requestId)), 'an auditor').toEqual(
    refusal('not.allowed'),
  );
  expect(told(await witnessesBy(jonas, operation).confirm(requestId)), 'a partner').toEqual(
    refusal('not.allowed'),
  );
  expect(codeOf(await witnessesBy(sari, operation).confirm('0'.repeat(32))), 'another one').toBe('not.found');
  expect((await witnessesBy(sari, operation).confirm(requestId)).status).toBe(200);
  expect(codeOf(await witnessesBy(sari, operation).confirm(requestId)), 'twice').toBe('not.found');
  expect(codeOf(await th.cosign(note ?? ''))).toBe('witness.refused');
  expect((await listed(operation)).request).toBeNull();
  const about = { desk: 'TH-CCIB', vkey, reason: 'Machine lost.' };
  expect(await bodiesOf(operation, 'witness.change-asked')).toEqual([
    ['chanida', { what: 'retire', ...about }],
  ]);
  expect(await bodiesOf(operation, 'witness.retired')).toEqual([
    ['sari', { kind: 'witness', ...about, askedBy: hub.officerId('chanida'), askedAt: request?.askedAt }],
  ]);
});

test('[RC-88] [RC-89] another quorum takes two desks; the old one is handed out until the second confirms', async () => {
  const { operation, th, id } = await scene('HARBOUR');
  const before = (await listed(operation)).policy?.text;
  expect(told(await witnessesBy(chanida, operation).setQuorum([th.id], 1)), 'no lead').toEqual(
    refusal('not.allowed'),
  );
  expect((await witnessesBy(tan, operation).setQuorum([id.id], 1)).body).toMatchObject({ text: null });
  const { policy, request } = await listed(operation);
  expect([policy?.text, policy?.number]).toEqual([before, 1]);
  expect(request?.change).toEqual({ what: 'quorum', witnessIds: [id.id], need: 1 });
  expect(told(await witnessesBy(tan, operation).confirm(request?.id ?? ''))).toEqual(refusal('two.desks'));
  expect((await witnessesBy(chanida, operation).confirm(request?.id ?? '')).status).toBe(200);
  const after = (await listed(operation)).policy;
  expect(after).toMatchObject({ number: 2, setBy: { handle: 'chanida' }, askedBy: { handle: 'tan.wei' } });
  expect(after?.text).toContain('group desks 1 witness/ID-SIBER\n');
  const set = await bodiesOf(operation, 'quorum.set');
  expect(set[0]).toEqual([
    'chanida',
    {
      number: 2,
      need: 1,
      of: 1,
      text: after?.text,
      askedBy: hub.officerId('tan.wei'),
      askedAt: request?.askedAt,
    },
  ]);
  expect(await bodiesOf(operation, 'witness.change-asked')).toMatchObject([['tan.wei', { what: 'quorum' }]]);
  // Out of the quorum, the desk's own officer retires it alone again.
  expect((await witnessesBy(chanida, operation).retire(th.id)).body).toMatchObject({ state: 'retired' });
});

test('[RC-88] a lead retires the key of another desk with a second desk only, also one that does not count', async () => {
  const { operation } = await scene('ATOLL');
  const own = await registered(tan, 'SG-CCD', operation);
  expect((await witnessesBy(tan, operation).retire(own.id)).body, 'their own').toMatchObject({
    state: 'retired',
  });
  const other = await hub.operation('REEF', { chanida: 'officer' });
  const th = await registered(chanida, 'TH-CCIB', other);
  expect((await witnessesBy(tan, other).retire(th.id)).body).toMatchObject({ state: 'asked' });
  expect(told(await witnessesBy(tan, other).confirm(await requestIn(other)))).toEqual(refusal('two.desks'));
  expect((await witnessesBy(chanida, other).confirm(await requestIn(other))).status).toBe(200);
  expect((await listed(other)).witnesses[0]?.retiredAt).not.toBeNull();
});

test('[RC-89] its own desk withdraws it, another refuses it; one stands at a time', async () => {
  const { operation, th, id } = await scene('MONSOON');
  await witnessesBy(chanida, operation).retire(th.id);
  expect(codeOf(await witnessesBy(tan, operation).setQuorum([id.id], 1)), 'a second').toBe('already.exists');
  const first = await requestIn(operation);
  expect((await witnessesBy(chanida, operation).withdraw(first, 'Found it.')).status).toBe(200);
  expect(codeOf(await witnessesBy(sari, operation).confirm(first))).toBe('not.found');
  await witnessesBy(tan, operation).setQuorum([id.id], 1);
  const second = await requestIn(operation);
  expect(second).not.toBe(first);
  expect((await witnessesBy(sari, operation).withdraw(second, 'One is too few.')).status).toBe(200);
  expect(await bodiesOf(operation, 'witness.change-withdrawn')).toEqual([
    ['sari', { what: 'quorum', as: 'refused', reason: 'One is too few.' }],
    ['chanida', { what: 'retire', as: 'withdrawn', reason: 'Found it.' }],
  ]);
  const { policy, witnesses } = await listed(operation);
  expect([policy?.number, witnesses.filter(({ retiredAt }) => retiredAt !== null)]).toEqual([1, []]);
});

test('[RC-89] it falls away after 72 hours, when whoever asked has left, and when the operation is over', async () => {
  const { operation, th, id } = await scene('DELTA');
  const nothing = async (why: string, request: string) => {
    expect((await listed(operation)).request, why).toBeNull();
    expect(codeOf(await witnessesBy(sari, operation).confirm(request)), why).toBe('not.found');
  };
  await witnessesBy(chanida, operation).retire(th.id);
  const late = await requestIn(operation);
  await hub.store.write((tx) =>
    sql`update witness_requests set asked_ms = asked_ms - ${72 * 3_600_000}`.execute(tx),
  );
  await nothing('late', late);

  await witnessesBy(chanida, operation).retire(th.id);
  const left = await requestIn(operation);
  expect(left).not.toBe('');
  await tan.must('POST', `/operations/${operation.id}/members/${hub.officerId('chanida')}/remove`, {
    reason: 'Left.',
  });
  await nothing('left', left);

  expect((await witnessesBy(tan, operation).setQuorum([id.id], 1)).body).toMatchObject({ text: null });
  const over = await requestIn(operation);
  await tan.must('POST', `/operations/${operation.id}/close`, { reason: 'Done.' });
  expect(told(await witnessesBy(sari, operation).confirm(over))).toEqual(refusal('operation.closed'));
  expect((await listed(operation)).policy?.number).toBe(1);
});

test('[RC-89] a quorum is confirmed only while all its keys are at work', async () => {
  const { operation, th, id } = await scene('FJORD');
  const sg = await registered(tan, 'SG-CCD', operation);
  await witnessesBy(tan, operation).setQuorum([th.id, id.id, sg.id], 3);
  const request = await requestIn(operation);
  expect((await witnessesBy(tan, operation).retire(sg.id)).body, 'it does not count yet').toMatchObject({
    state: 'retired',
  });
  expect(codeOf(await witnessesBy(chanida, operation).confirm(request))).toBe('not.found');
  expect(await requestIn(operation), 'still there to be refused').toBe(request);
  expect((await listed(operation)).policy?.number).toBe(1);
});

test('[RC-89] two officers who answer at once settle it once', async () => {
  const { operation, th } = await scene('TUNDRA');
  await witnessesBy(chanida, operation).retire(th.id);
  const request = await requestIn(operation);
  const answers = await Promise.all([
    witnessesBy(sari, operation).confirm(request),
    witnessesBy(tan, operation).withdraw(request),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404]);
});
