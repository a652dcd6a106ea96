import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { verifyExport } from '#shared/record/export/verify.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { parsePolicy } from '#shared/record/witness/policy.ts';
import { faultBetween, readSigned, watchCheckpoint } from '#shared/record/witness/watch.ts';
import { covered, originOf, reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf } from '#tests/support/refusal.ts';

import {
  type DeskWitness,
  freshKey,
  otherTree,
  registered,
  signersOf,
  sizeOf,
  textOf,
  vkeyOf,
  witnessesBy,
} from './support.ts';

let hub: TestHub;
let [tan, chanida, sari, jonas]: TestOfficer[] = [];
beforeAll(async () => {
  hub = await startHub();
  [tan, chanida, sari, jonas] = await Promise.all(
    ['tan.wei', 'chanida', 'sari', 'jonas'].map((one) => hub.signIn(one)),
  );
});
afterAll(stopHubs);

type Room = {
  operation: Operation;
  sg: DeskWitness;
  th: DeskWitness;
  id: DeskWitness;
  tan: TestOfficer;
  chanida: TestOfficer;
  jonas: TestOfficer;
};

/** Three desks with a witness each, two of three a quorum, and a partner; signed up to the newest act. */
async function room(name: string): Promise<Room> {
  if (!tan || !chanida || !sari || !jonas) throw new Error('nobody has signed in');
  const operation = await hub.operation(name, { chanida: 'officer', sari: 'officer', jonas: 'officer' });
  const sg = await registered(tan, 'SG-CCD', operation);
  const th = await registered(chanida, 'TH-CCIB', operation);
  const id = await registered(sari, 'ID-SIBER', operation);
  await witnessesBy(tan, operation).setQuorum([sg.id, th.id, id.id], 2);
  const { head } = await reviewBy(tan, operation).checkpoint();
  await covered(tan, operation, head);
  return { operation, sg, th, id, tan, chanida, jonas };
}

const noteFor = async (witness: DeskWitness, since = 0) => (await witness.checkpoint(since)).note ?? '';

test('[RC-58] a cosignature is taken for exactly a published checkpoint, under the registered key, at about the right time', async () => {
  const { operation, sg, th } = await room('GLACIER');
  const note = await noteFor(sg);
  const now = Math.floor(Date.now() / 1000);
  const refused = async (answered: Promise<{ status: number; body: unknown; headers: Headers }>) =>
    codeOf(await answered);
  expect(await refused(sg.cosign(note, { text: otherTree(note) })), 'another tree').toBe(
    'cosignature.refused',
  );
  const beyond = textOf(note).replace(/\n\d+\n/, '\n9999\n');
  expect(await refused(sg.cosign(note, { text: beyond })), 'a size nobody signed').toBe(
    'cosignature.refused',
  );
  expect(await refused(sg.cosign(note, { text: 'x\n' })), 'no checkpoint').toBe('cosignature.refused');
  expect(await refused(sg.cosign(note, { signer: th.signer })), 'another desk’s key').toBe(
    'cosignature.refused',
  );
  expect(
    await refused(sg.cosign(note, { signer: freshKey('witness', 'SG-CCD') })),
    'an unregistered key',
  ).toBe('cosignature.refused');
  expect(await refused(sg.cosign(note, { at: now - 400 })), 'too long ago').toBe('cosignature.refused');
  expect(await refused(sg.cosign(note, { at: now + 400 })), 'in the future').toBe('cosignature.refused');
  expect(signersOf((await reviewBy(sure(tan), operation).checkpoint()).note)).toEqual([
    originOf(hub, operation),
  ]);
  for (let times = 0; times < 2; times++) expect((await sg.cosign(note, { at: now })).status).toBe(200);
  expect(await stored(operation)).toBe(1);
  expect((await sg.cosign(note, { at: now + 1 })).status, 'the same tree afresh').toBe(200);
  expect(await stored(operation)).toBe(2);
  await expect(hub.store.write((tx) => sql`delete from cosignatures`.execute(tx))).rejects.toThrow(
    /append-only/,
  );
  await expect(hub.store.write((tx) => sql`update cosignatures set at_s = 1`.execute(tx))).rejects.toThrow(
    /append-only/,
  );
});

test('[RC-59] notes carry the log’s line, then witnesses by name, then browsers; everywhere the same bytes', async () => {
  const { operation, sg, th, id } = await room('HARBOUR');
  const browser = freshKey('officer-browser', 'SG-CCD');
  const by = witnessesBy(sure(tan), operation);
  await by.register(vkeyOf(browser));
  await reviewBy(sure(tan), operation).checkpoint();
  const { head } = await reviewBy(sure(tan), operation).checkpoint();
  await covered(sure(tan), operation, head);
  const note = await noteFor(th);
  const at = Math.floor(Date.now() / 1000);
  expect((await by.cosign(textOf(note), cosign(browser, textOf(note), at))).status).toBe(200);
  for (const witness of [th, sg, id]) expect((await witness.cosign(note)).status).toBe(200);
  const first = await reviewBy(sure(tan), operation).checkpoint();
  const names = [
    originOf(hub, operation),
    'witness/ID-SIBER',
    'witness/SG-CCD',
    'witness/TH-CCIB',
    'officer-browser/SG-CCD',
  ];
  expect(signersOf(first.note)).toEqual(names);
  expect((await reviewBy(sure(chanida), operation).checkpoint()).note).toBe(first.note);
  expect((await reviewBy(sure(tan), operation).prove(0)).note).toBe(first.note);
  expect(first.cosigned).toEqual({ note: first.note, size: first.size, consistency: [] });
  const keys = [first.vkey ?? '', ...[sg, th, id].map(({ signer }) => vkeyOf(signer)), vkeyOf(browser)].map(
    parseVkey,
  );
  expect(
    verifyNote(
      first.note ?? '',
      keys.filter((key) => key !== null),
    ),
  ).toMatchObject({ ok: true, unknown: 0 });
});

test('[RC-59] the newest checkpoint of the quorum is handed out, proved to lie inside the newest one', async () => {
  const { operation, sg, th } = await room('MONSOON');
  const review = reviewBy(sure(tan), operation);
  const note = await noteFor(sg);
  await sg.cosign(note);
  expect((await review.checkpoint()).cosigned, 'one of two').toBeNull();
  await th.cosign(note);
  const { seq } = await review.say('More.', operation.main);
  const now = await covered(sure(tan), operation, seq + 1);
  const { cosigned, vkey } = now;
  const key = parseVkey(vkey ?? '');
  if (cosigned === null || key === null) throw new Error('no quorum');
  expect([cosigned.size, signersOf(cosigned.note)]).toEqual([
    sizeOf(note),
    [originOf(hub, operation), 'witness/SG-CCD', 'witness/TH-CCIB'],
  ]);
  const [from, to] = [readSigned(cosigned.note, key), readSigned(now.note, key)];
  if (typeof from === 'string' || typeof to === 'string') throw new Error('not signed');
  expect(faultBetween(from, to, cosigned.consistency)).toBeNull();
  expect(to.size).toBeGreaterThan(from.size);
});

test('[RC-59] who cosigns tells who takes part, so a partner is shown the log’s signature alone', async () => {
  const { operation, sg, th } = await room('ATOLL');
  const note = await noteFor(sg);
  for (const witness of [sg, th]) await witness.cosign(note);
  const { note: shown, cosigned } = await reviewBy(sure(jonas), operation).checkpoint();
  expect([signersOf(shown), cosigned]).toEqual([[originOf(hub, operation)], null]);
  expect(codeOf(await sure(jonas).get(`/operations/${operation.id}/witnesses`))).toBe('not.allowed');
  const { seq } = await reviewBy(sure(tan), operation).say('For the lane.', operation.partners);
  await covered(sure(tan), operation, seq + 1);
  expect(signersOf((await reviewBy(sure(jonas), operation).prove(seq)).note)).toEqual([
    originOf(hub, operation),
  ]);
});

test('[RC-60] in a record that grows all the time every witness is held out the same checkpoint, until each has cosigned it', async () => {
  const { operation, sg, th, id } = await room('TUNDRA');
  const review = reviewBy(sure(tan), operation);
  const grow = async () => covered(sure(tan), operation, (await review.say('More.', operation.main)).seq + 1);
  const first = await noteFor(sg);
  await sg.cosign(first);
  await grow();
  expect(sizeOf(await noteFor(th))).toBe(sizeOf(first));
  expect(sizeOf(await noteFor(sg, sizeOf(first))), 'also whoever has cosigned it').toBe(sizeOf(first));
  await th.cosign(first);
  expect((await review.checkpoint()).cosigned?.size).toBe(sizeOf(first));
  await id.cosign(first);
  const { size } = await grow();
  const next = await noteFor(id, sizeOf(first));
  expect(sizeOf(next)).toBe(size);
  await id.cosign(next);
  await grow();
  expect([await noteFor(sg, sizeOf(first)), await noteFor(th, sizeOf(first))].map(sizeOf)).toEqual([
    size,
    size,
  ]);
  expect(sizeOf(await noteFor(th, size + 1)), 'never less than it has seen').toBeGreaterThan(size);
});

test('[RC-60] what a witness reads is proved from what it saw last', async () => {
  const { operation, sg } = await room('DELTA');
  const origin = originOf(hub, operation);
  const first = watchCheckpoint(await sg.checkpoint(), origin, null);
  if (first.state !== 'held') throw new Error(first.state);
  const { seq } = await reviewBy(sure(tan), operation).say('More.', operation.main);
  await covered(sure(tan), operation, seq + 1);
  const next = watchCheckpoint(await sg.checkpoint(first.checkpoint.size), origin, first.pin);
  expect(next).toMatchObject({ state: 'held', first: false });
});

test('[RC-67] an export carries the checkpoint its quorum has cosigned, and verifies under the policy that was handed out', async () => {
  const { operation, sg, th } = await room('FJORD');
  const note = await noteFor(sg);
  for (const witness of [sg, th]) await witness.cosign(note);
  const file = await reviewBy(sure(tan), operation).export();
  const { policy } = await witnessesBy(sure(tan), operation).list();
  const read = parsePolicy(policy?.text ?? '');
  if (!read.ok) throw new Error(read.reason);
  const verdict = await verifyExport([String(file.body)], { policy: read.policy });
  expect(verdict).toMatchObject({
    ok: true,
    signer: 'authenticated',
    quorum: { met: true, size: sizeOf(note), need: 2, of: 3 },
  });
  expect(fromBase64(String(verdict.ok && verdict.root))).not.toBeNull();
});

function sure(officer: TestOfficer | undefined): TestOfficer {
  if (officer === undefined) throw new Error('nobody has signed in');
  return officer;
}

async function stored({ id }: Operation): Promise<number> {
  const { rows } = await hub.store.read((tx) =>
    sql<{ count: number }>`select count(*)::int as count from cosignatures where log_id = ${id}`.execute(tx),
  );
  return rows[0]?.count ?? 0;
}
