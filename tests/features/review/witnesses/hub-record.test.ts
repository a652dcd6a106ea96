import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readAnchor } from '#shared/contracts/record-log.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import { formatVkey, parseVkey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { parsePolicy } from '#shared/record/witness/policy.ts';
import { weighQuorum } from '#shared/record/witness/quorum.ts';
import { faultBetween, readSigned, watchCheckpoint } from '#shared/record/witness/watch.ts';
import { covered, reviewBy } from '#tests/features/review/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf } from '#tests/support/refusal.ts';

import { askAs, type DeskWitness, otherTree, registered, signersOf, witnessesBy } from './support.ts';

let hub: TestHub;
let [tan, chanida, jonas]: TestOfficer[] = [];
beforeAll(async () => {
  hub = await startHub();
  [tan, chanida, jonas] = await Promise.all(['tan.wei', 'chanida', 'jonas'].map((one) => hub.signIn(one)));
});
afterAll(stopHubs);

type Room = {
  operation: Operation;
  sg: DeskWitness;
  th: DeskWitness;
  tan: TestOfficer;
  chanida: TestOfficer;
  jonas: TestOfficer;
};

async function room(name: string): Promise<Room> {
  if (!tan || !chanida || !jonas) throw new Error('nobody has signed in');
  const operation = await hub.operation(name, { chanida: 'officer', jonas: 'officer' });
  const sg = await registered(tan, 'SG-CCD', operation);
  const th = await registered(chanida, 'TH-CCIB', operation);
  const { head } = await reviewBy(tan, operation).checkpoint();
  await covered(tan, operation, head);
  return { operation, sg, th, tan, chanida, jonas };
}

/** Waits until the hub's own record is signed at all. */
async function hubNote(witness: DeskWitness): Promise<string> {
  await expect.poll(async () => (await witness.hub.checkpoint()).note, { timeout: 10_000 }).not.toBeNull();
  return (await witness.hub.checkpoint()).note ?? '';
}

const anchorFor = (officer: TestOfficer, { id }: Operation) =>
  officer.must<ReplyOf<typeof readAnchor>>('GET', `/operations/${id}/anchor`);

test('[RC-81] a witness’s credential opens size and root of the hub’s record, with the proof that it only grew', async () => {
  const { operation, sg, tan } = await room('GLACIER');
  const first = await sg.hub.checkpoint();
  const note = await hubNote(sg);
  const watched = watchCheckpoint({ ...first, note }, `${hub.hub.logOrigin}/hub`, null);
  if (watched.state !== 'held') throw new Error(watched.state);
  const { size } = watched.checkpoint;
  await hub.signIn('sari');
  await expect
    .poll(async () => Number((await sg.hub.checkpoint(size)).note?.split('\n')[1]), { timeout: 10_000 })
    .toBeGreaterThan(size);
  const later = await sg.hub.checkpoint(size);
  expect(watchCheckpoint(later, `${hub.hub.logOrigin}/hub`, watched.pin)).toMatchObject({ state: 'held' });
  expect(Object.keys(later).sort()).toEqual(['consistency', 'note', 'origin', 'vkey']);
  // Nothing else of the hub's record, and nothing without the credential or for another operation.
  const ask = askAs(hub.url, operation, sg.credential);
  for (const path of ['/hub/entries', '/hub/tile/entries/000', '/hub/log/checkpoint'])
    expect((await ask('GET', path)).status).not.toBe(200);
  const answers = [
    askAs(hub.url, operation, null)('GET', '/hub/checkpoint'),
    askAs(hub.url, operation, 'x'.repeat(43))('GET', '/hub/checkpoint'),
    askAs(hub.url, { id: await otherOperation() }, sg.credential)('GET', '/hub/checkpoint'),
  ];
  expect((await Promise.all(answers)).map(codeOf)).toEqual(Array(3).fill('witness.refused'));
  expect((await witnessesBy(tan, operation).retire(sg.id)).status).toBe(200);
  expect(codeOf(await ask('GET', '/hub/checkpoint')), 'retired').toBe('witness.refused');
});

async function otherOperation(): Promise<Operation['id']> {
  return (await hub.operation('HARBOUR')).id;
}

test('[RC-81] what it cosigns is kept by the rules of an operation’s record, and stands in the list', async () => {
  const { operation, sg, th, tan } = await room('TUNDRA');
  const note = await hubNote(sg);
  expect(codeOf(await sg.hub.cosign(note, { text: otherTree(note) })), 'another tree').toBe(
    'cosignature.refused',
  );
  expect(codeOf(await sg.hub.cosign(note, { signer: th.signer })), 'another key').toBe('cosignature.refused');
  const own = (await sg.checkpoint()).note ?? '';
  expect(codeOf(await sg.hub.cosign(own)), 'of another record').toBe('cosignature.refused');
  expect(codeOf(await sg.cosign(note)), 'the hub’s, as the operation’s').toBe('cosignature.refused');
  expect((await sg.hub.cosign(note)).status).toBe(200);
  const held = await th.hub.checkpoint();
  expect(held.note?.split('\n').slice(0, 3), 'the others are held out the same').toEqual(
    note.split('\n').slice(0, 3),
  );
  const { witnesses } = await witnessesBy(tan, operation).list();
  expect(witnesses.map(({ desk, last, lastOfHub }) => [desk, last, lastOfHub?.size ?? null])).toEqual([
    ['SG-CCD', null, Number(note.split('\n')[1])],
    ['TH-CCIB', null, null],
  ]);
});

test('[RC-83] the quorum of an operation weighs the hub’s record too; its members see by whom, others do not', async () => {
  const { operation, sg, th, tan, chanida, jonas } = await room('FJORD');
  const other = await room('DELTA');
  const note = await hubNote(sg);
  const set = await witnessesBy(tan, operation).setQuorum([sg.id, th.id], 2);
  const read = parsePolicy(String(Reflect.get(Object(set.body), 'text')));
  if (!read.ok) throw new Error(read.reason);
  const { vkey } = await sg.hub.checkpoint();
  expect(read.policy.logs.map(formatVkey)).toEqual([(await sg.checkpoint()).vkey, vkey]);
  expect((await anchorFor(tan, operation)).cosigned).toBeNull();
  for (const witness of [sg, th, other.sg]) expect((await witness.hub.cosign(note)).status).toBe(200);
  const { cosigned } = await anchorFor(chanida, operation);
  expect(signersOf(cosigned?.note ?? null)).toEqual([
    `${hub.hub.logOrigin}/hub`,
    'witness/SG-CCD',
    'witness/TH-CCIB',
  ]);
  const verified = verifyNote(cosigned?.note ?? '', read.policy.witnesses);
  expect(weighQuorum(read.policy, verified.ok ? verified.signers : [])).toMatchObject({ met: true });
  const key = parseVkey(vkey ?? '');
  const newest = await tan.must<{ note: string }>('GET', `/hub/checkpoint`);
  const again = await anchorFor(tan, operation);
  if (key === null) throw new Error('no key');
  const [before, now] = [readSigned(again.cosigned?.note ?? '', key), readSigned(newest.note, key)];
  if (typeof before === 'string' || typeof now === 'string') throw new Error('not signed');
  expect(now.size).toBeGreaterThanOrEqual(before.size);
  expect(again.cosigned?.consistency.every((hash) => fromBase64(hash) !== null)).toBe(true);
  const sameSize = await sg.hub.checkpoint(before.size);
  const shown = readSigned(sameSize.note ?? '', key);
  if (typeof shown === 'string') throw new Error(shown);
  expect(faultBetween(before, shown, sameSize.consistency)).toBeNull();

  expect((await anchorFor(jonas, operation)).cosigned, 'a partner').toBeNull();
  expect((await anchorFor(tan, other.operation)).cosigned, 'an operation without a quorum').toBeNull();
  const bare = await fetch(`${hub.url}/api/v1/hub/log/checkpoint`, {
    headers: { cookie: chanida.cookie ?? '' },
  });
  expect(signersOf(await bare.text()), 'anybody signed in').toEqual([`${hub.hub.logOrigin}/hub`]);
});
