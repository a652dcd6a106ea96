import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { utf8 } from '#shared/kernel/encoding.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { formatVkey, noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { parsePolicy } from '#shared/record/witness/policy.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { covered, reviewBy } from '../support.ts';
import { registered, textOf, witnessesBy } from '../witnesses/support.ts';
import { Altered } from './mutate.ts';
import { playScene, type Scene } from './scene.ts';
import { packFor, unpack, verifyWhole } from './support.ts';

let hub: TestHub;
let scene: Scene;
let pack: Buffer;
let vkey: string;
beforeAll(async () => {
  hub = await startHub();
  scene = await playScene(hub);
  pack = (await packFor(scene.tan, scene.operation)).bytes;
  vkey = (await reviewBy(scene.tan, scene.operation).checkpoint()).vkey ?? '';
}, 120_000);
afterAll(stopHubs);

const strange = signerFromSeed('hub.example/op/1', new Uint8Array(32).fill(5));

test('[RC-73] the signer is authenticated by a key from outside the pack, and by no other', () => {
  expect(verifyWhole(pack)).toMatchObject({ ok: true, signer: 'not authenticated' });
  expect(verifyWhole(pack, { vkey })).toMatchObject({ ok: true, signer: 'authenticated' });
  const other = formatVkey(noteKey(strange, signatureTypes.log));
  expect(verifyWhole(pack, { vkey: other })).toMatchObject({ ok: false, reason: 'key-differs' });
  expect(verifyWhole(pack, { vkey: 'nonsense' })).toMatchObject({ ok: false, reason: 'key-malformed' });
  const witness = formatVkey(noteKey(strange, signatureTypes.cosigner));
  expect(verifyWhole(pack, { vkey, witnesses: [witness] })).toMatchObject({ ok: true, witnessed: [] });
  expect(verifyWhole(pack, { vkey, witnesses: [other] })).toMatchObject({
    ok: false,
    reason: 'key-malformed',
  });
});

test('[RC-73] a cosignature added to the checkpoint of a finished pack breaks its seal', () => {
  const altered = new Altered(pack);
  const note = Buffer.from(altered.read('data/log/checkpoint')).toString('utf8');
  const [text = ''] = note.split('\n\n');
  altered.put('data/log/checkpoint', utf8(note + cosign(strange, `${text}\n`, 1_800_000_000)));
  expect(verifyWhole(altered.relist('both', { oxum: true }).zip(), { vkey })).toMatchObject({
    ok: false,
    reason: 'seal-differs',
  });
});

test('[RC-76] another state than the changes of a board give is refused, whatever else agrees', () => {
  const place = `data/board/${scene.board.id}`;
  for (const part of ['state.json', 'state.yjs']) {
    const altered = new Altered(pack);
    const bytes = Uint8Array.from(altered.read(`${place}/${part}`));
    bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
    altered.put(`${place}/${part}`, bytes);
    const origin = `${hub.hub.logOrigin}/op/${scene.operation.id}`;
    // By somebody who has the key of the log itself: the hub.
    const verdict = verifyWhole(altered.takenOverBy(origin).zip());
    expect(verdict).toEqual({
      ok: false,
      reason: 'board-state-differs',
      file: `${place}/${part}`,
      entry: null,
    });
  }
});

test('[RC-76] a board that leaves a change out is refused', () => {
  const list = `data/board/${scene.board.id}/updates.txt`;
  const altered = new Altered(pack);
  const lines = Buffer.from(altered.read(list)).toString('utf8').split('\n');
  altered.put(list, utf8(lines.slice(1).join('\n')));
  const origin = `${hub.hub.logOrigin}/op/${scene.operation.id}`;
  expect(verifyWhole(altered.takenOverBy(origin).zip())).toMatchObject({
    ok: false,
    reason: 'board-changes-differ',
    file: list,
  });
});

test('[RC-73] [RC-67] a pack of a cosigned checkpoint carries its cosignatures and the policy, and meets it', {
  timeout: 120_000,
}, async () => {
  const { tan, operation } = scene;
  const witness = await registered(tan, 'SG-CCD', operation);
  const { setQuorum } = witnessesBy(tan, operation);
  expect((await setQuorum([witness.id], 1)).status).toBe(200);
  const { size: before } = await reviewBy(tan, operation).checkpoint();
  await covered(tan, operation, before + 1);
  const { note } = await witness.checkpoint();
  expect((await witness.cosign(note ?? '')).status).toBe(200);
  const size = parseCheckpoint(textOf(note ?? ''))?.size ?? 0;
  const cosigned = (await packFor(tan, operation, { size })).bytes;
  const text = String(unpack(cosigned).get('data/trust/policy.txt'));
  const read = parsePolicy(text);
  const policy = read.ok ? read.policy : undefined;
  if (policy === undefined) throw new Error(text);
  expect(verifyWhole(cosigned, { policy })).toMatchObject({
    ok: true,
    signer: 'authenticated',
    quorum: { met: true, cosigned: [{ name: witness.signer.name }], size },
  });
  const later = (await packFor(tan, operation, { checkpoint: 'newest' })).bytes;
  expect(verifyWhole(later, { policy })).toMatchObject({ ok: true, quorum: { met: false } });
  const files = { pack: path.join(hub.folder, 'later.zip'), policy: path.join(hub.folder, 'policy.txt') };
  fs.writeFileSync(files.pack, later);
  fs.writeFileSync(files.policy, text);
  const run = () =>
    spawnSync(process.execPath, ['dist/tools/verify.mjs', files.pack, '--policy', files.policy], {
      encoding: 'utf8',
    });
  expect([run().status, run().stdout]).toEqual([3, expect.stringContaining('NOT MET')]);
  fs.writeFileSync(files.pack, cosigned);
  expect([run().status, run().stdout]).toEqual([0, expect.stringContaining('Quorum        met: 1 of 1')]);
});
