import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { packCheckpoint } from '#shared/contracts/packs.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal } from '#tests/support/refusal.ts';

import { covered, originOf, reviewBy } from '../support.ts';
import {
  type DeskWitness,
  freshKey,
  registered,
  signersOf,
  sizeOf,
  vkeyOf,
  witnessesBy,
} from '../witnesses/support.ts';
import { type AskedPack, packFor, unpack, verifyWhole } from './support.ts';

let hub: TestHub;
let tan: TestOfficer;
let chanida: TestOfficer;
beforeAll(async () => {
  hub = await startHub();
  [tan, chanida] = await Promise.all([hub.signIn('tan.wei'), hub.signIn('chanida')]);
}, 60_000);
afterAll(stopHubs);

type Room = { operation: Operation; sg: DeskWitness; th: DeskWitness };

/** Two desks with a witness each, and no quorum; signed up to the newest act. */
async function room(name: string): Promise<Room> {
  const operation = await hub.operation(name, { amelie: 'auditor', chanida: 'officer', jonas: 'officer' });
  const sg = await registered(tan, 'SG-CCD', operation);
  const th = await registered(chanida, 'TH-CCIB', operation);
  await grow(operation);
  return { operation, sg, th };
}

/** One message more, and a checkpoint over it. Gives the size it covers at least. */
async function grow(operation: Operation): Promise<number> {
  const { seq } = await reviewBy(tan, operation).say('Seen.', operation.main);
  return (await covered(tan, operation, seq + 1)).size;
}

/** All cosign the newest checkpoint. Gives its size. */
async function cosignedBy(...witnesses: readonly DeskWitness[]): Promise<number> {
  const [first] = witnesses;
  const note = (await first?.checkpoint())?.note ?? '';
  for (const witness of witnesses) expect((await witness.cosign(note)).status).toBe(200);
  return sizeOf(note);
}

const suggestedIn = (operation: Operation) =>
  tan.must<ReplyOf<typeof packCheckpoint>>('GET', `/operations/${operation.id}/packs/checkpoint`);

/** What a pack that was asked for rests on: its size, and who stands under its checkpoint. */
async function restsOn(operation: Operation, asked: AskedPack = {}) {
  const { bytes, status } = await packFor(tan, operation, asked);
  expect(status).toBe(200);
  const verdict = verifyWhole(bytes);
  const files = unpack(bytes);
  const note = String(files.get('data/log/checkpoint'));
  const readme = String(files.get('data/README.txt'));
  const said = /^Cosigned by: (.*)$/m.exec(readme)?.[1];
  return { size: verdict.ok ? verdict.size : verdict.reason, signers: signersOf(note), said };
}

test('[RC-80] nobody has cosigned: the pack covers its own export, and it is said that it rests on the hub alone', async () => {
  const { operation } = await room('ALONE');
  expect(await suggestedIn(operation)).toMatchObject({ suggested: null, quorum: null });
  const { head } = await reviewBy(tan, operation).checkpoint();
  const pack = await restsOn(operation);
  expect(pack).toEqual({
    size: expect.any(Number),
    signers: [originOf(hub, operation)],
    said: 'nobody; it rests on the signature of the hub alone',
  });
  expect(pack.size).toBeGreaterThan(head);
});

test('[RC-80] a pack rests on the newest checkpoint with the quorum, without one on the one that most desks have cosigned', {
  timeout: 60_000,
}, async () => {
  const { operation, sg, th } = await room('GLACIER');
  const origin = originOf(hub, operation);
  const byBoth = await cosignedBy(sg, th);
  await grow(operation);
  await cosignedBy(sg);
  const both = ['witness/SG-CCD', 'witness/TH-CCIB'];
  const most = await suggestedIn(operation);
  expect(most.quorum).toBeNull();
  expect(most.suggested).toMatchObject({
    size: byBoth,
    met: false,
    cosigners: both.map((name) => ({ name, at: expect.any(String) })),
  });
  expect(await restsOn(operation)).toEqual({
    size: byBoth,
    signers: [origin, ...both],
    said: both.join(', '),
  });

  expect((await witnessesBy(tan, operation).setQuorum([sg.id, th.id], 2)).status).toBe(200);
  const { quorum, suggested } = await suggestedIn(operation);
  expect([quorum, suggested?.met, suggested?.size]).toEqual([{ need: 2, of: 2 }, true, byBoth]);
  await grow(operation);
  const later = await cosignedBy(sg, th);
  await grow(operation);
  await cosignedBy(sg);
  expect(await restsOn(operation)).toMatchObject({ size: later, signers: [origin, ...both] });
  const newest = await restsOn(operation, { checkpoint: 'newest' });
  expect(newest.signers).toEqual([origin]);
  expect(newest.size).toBeGreaterThan(later);
  expect(await restsOn(operation, { size: byBoth, checkpoint: 'newest' })).toMatchObject({ size: byBoth });
});

test('[RC-80] browsers and retired witnesses suggest nothing', async () => {
  const { operation, sg } = await room('HARBOUR');
  await witnessesBy(tan, operation).register(vkeyOf(freshKey('officer-browser', 'SG-CCD')));
  await cosignedBy(sg);
  expect((await suggestedIn(operation)).suggested).not.toBeNull();
  expect((await witnessesBy(tan, operation).retire(sg.id)).status).toBe(200);
  expect((await suggestedIn(operation)).suggested).toBeNull();
});

test('[RC-78] [RC-80] the same default pack twice is the same bytes, with more entries and the checkpoint cosigned afresh in between', {
  timeout: 60_000,
}, async () => {
  const { operation, sg, th } = await room('TWICE');
  await witnessesBy(tan, operation).setQuorum([sg.id, th.id], 2);
  await grow(operation);
  const size = await cosignedBy(sg, th);
  const first = await packFor(tan, operation);
  const { note } = await reviewBy(tan, operation).checkpoint();
  await grow(operation);
  const at = Math.floor(Date.now() / 1000) + 60;
  const held = (await reviewBy(tan, operation).checkpoint()).cosigned?.note ?? note ?? '';
  expect((await sg.cosign(held, { at })).status).toBe(200);
  const second = await packFor(tan, operation);
  expect(second.bytes.equals(first.bytes)).toBe(true);
  const named = await packFor(tan, operation, { size });
  expect(named.bytes.equals(first.bytes)).toBe(true);
  const { entries } = await reviewBy(tan, operation).entries({ kind: 'record.exported' });
  expect(entries.map(({ body }) => Reflect.get(Object(body), 'size'))).toEqual([size, size, size]);
});

test('[RC-80] what came after the cosigned checkpoint is refused as what is not there, and is in the newest', async () => {
  const { operation, sg } = await room('AFTER');
  await cosignedBy(sg);
  const { id } = await reviewBy(tan, operation).say('Later.', operation.main);
  const scope: AskedPack = { scope: { kind: 'objects', objects: [{ kind: 'message', id }] } };
  const what = 'nothing of it lies under the checkpoint that this pack would rest on';
  const answered = await packFor(tan, operation, scope);
  const body: unknown = JSON.parse(String(answered.bytes));
  expect({ status: answered.status, body }).toEqual(refusal('not.found', { where: 'scope', what }));
  expect((await packFor(tan, operation, { ...scope, checkpoint: 'newest' })).status).toBe(200);
});

test('[RC-80] a partner is not told who cosigns', async () => {
  const { operation } = await room('LANE');
  const jonas = await hub.signIn('jonas');
  expect(codeOf(await jonas.get(`/operations/${operation.id}/packs/checkpoint`))).toBe('not.allowed');
});
