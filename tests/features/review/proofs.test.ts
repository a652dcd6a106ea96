import { afterAll, beforeAll, expect, test } from 'vitest';

import { fromBase64, hex } from '#shared/kernel/encoding.ts';
import { refusals } from '#shared/kernel/refusals.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { commitPayload, parseEntry } from '#shared/record/entry.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { checkConsistency, checkInclusion } from '#shared/record/proof.ts';
import { leafHash } from '#shared/record/tree.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { covered, originOf, reviewBy } from './support.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

/** The tree that a note vouches for, as a verifier with this key reads it. */
function treeIn(note: string, vkey: string | null) {
  const key = parseVkey(vkey ?? '');
  const verified = verifyNote(note, key === null ? [] : [key]);
  const checkpoint = verified.ok ? parseCheckpoint(verified.text) : null;
  if (checkpoint === null) throw new Error(`not signed: ${JSON.stringify(verified)}`);
  return checkpoint;
}

function bytes(text: string | null): Uint8Array {
  const read = fromBase64(text ?? '?');
  if (read === null) throw new Error('not base64');
  return read;
}

test('[RC-38] every checkpoint is proved to contain every earlier one', async () => {
  const operation = await hub.operation('GLACIER', { jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  const seen = [];
  for (let count = 0; count < 5; count++) {
    const { seq } = await reviewBy(tan, operation).say(`Message ${count}.`, operation.main);
    const { note, vkey, head } = await covered(jonas, operation, seq + 1);
    expect(head).toBeGreaterThanOrEqual(seq + 1);
    seen.push(treeIn(note, vkey));
  }
  const newest = seen.at(-1);
  for (const { origin, size, root } of seen) {
    expect(origin).toBe(originOf(hub, operation));
    const { consistency, note, vkey } = await reviewBy(jonas, operation).checkpoint({ since: String(size) });
    const to = treeIn(note ?? '', vkey);
    expect(to).toEqual(newest);
    const claim = { from: size, fromRoot: root, to: to.size, toRoot: to.root };
    expect(checkConsistency(claim, consistency.map(bytes))).toEqual({ ok: true });
  }
});

test('[RC-38] no proof is made for a tree larger than the one that is signed', async () => {
  const operation = await hub.operation('HARBOUR');
  const tan = await hub.signIn('tan.wei');
  const { size } = await covered(tan, operation, 1);
  expect(await reviewBy(tan, operation).checkpoint({ since: '1000' })).toMatchObject({
    size,
    consistency: [],
  });
});

test('[RC-39] an entry is proved to those who may see it: its bytes, its content and its place', async () => {
  const operation = await hub.operation('MONSOON', { jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  const inLane = await reviewBy(tan, operation).say('For the lane.', operation.partners);
  const inside = await reviewBy(tan, operation).say('For the desks.', operation.main);
  const { vkey } = await covered(tan, operation, inside.seq + 1);

  for (const [officer, seq] of [
    [jonas, inLane.seq],
    [tan, inLane.seq],
    [tan, inside.seq],
    [tan, 0],
  ] as const) {
    const proved = await reviewBy(officer, operation).prove(seq);
    const { size, root } = treeIn(proved.note, vkey);
    const entry = bytes(proved.entry);
    const claim = { index: seq, size, leaf: leafHash(entry), root };
    expect(checkInclusion(claim, proved.proof.map(bytes))).toEqual({ ok: true });
    const parsed = parseEntry(entry);
    const commitment = commitPayload(bytes(proved.salt), bytes(proved.payload));
    expect(parsed).toMatchObject({ ok: true, entry: { seq, log: originOf(hub, operation), commitment } });
    const { entries } = await reviewBy(tan, operation).entries({ before: String(seq + 1), limit: '1' });
    expect(entries.map(({ leafHash: listed }) => listed)).toEqual([hex(leafHash(entry))]);
  }
  const nothing = {
    error: { code: 'not.found', sentence: refusals['not.found'].sentence, where: 'seq' },
  };
  const answers = [
    await jonas.get(`/operations/${operation.id}/entries/${inside.seq}/proof`),
    await jonas.get(`/operations/${operation.id}/entries/9999/proof`),
    await tan.get(`/operations/${operation.id}/entries/9999/proof`),
  ];
  expect(answers.map(({ status, body }) => [status, body])).toEqual(Array(3).fill([404, nothing]));
});

test('[RC-37] [RC-39] [RC-40] a node without a signer serves what is signed, and refuses the rest', async () => {
  const unsigned = await startHub({ signer: false });
  const operation = await unsigned.operation('ATOLL');
  const tan = await unsigned.signIn('tan.wei');
  const review = reviewBy(tan, operation);
  const { seq } = await review.say('Work goes on.', operation.main);
  expect(await review.checkpoint()).toEqual({
    note: null,
    vkey: null,
    size: 0,
    head: seq + 1,
    signedAt: null,
    consistency: [],
    cosigned: null,
  });
  const { sentence } = refusals['signer.absent'];
  const proof = await tan.get(`/operations/${operation.id}/entries/${seq}/proof`);
  expect([proof.status, proof.body]).toEqual([
    503,
    {
      error: {
        code: 'signer.absent',
        sentence,
        where: 'seq',
        what: 'no signed checkpoint covers this entry yet',
      },
    },
  ]);
  const file = await review.export();
  expect([file.status, file.body]).toEqual([503, { error: { code: 'signer.absent', sentence } }]);
  expect((await review.entries({ kind: 'record.exported' })).total).toBe(0);
});
