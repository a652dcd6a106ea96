import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { reviewBy } from '../support.ts';
import { playScene, type Scene } from './scene.ts';
import { namesIn, packFor, unpack, verifyWhole } from './support.ts';

let hub: TestHub;
let scene: Scene;
let vkey: string;
beforeAll(async () => {
  hub = await startHub();
  scene = await playScene(hub);
  await reviewBy(scene.tan, scene.operation).export();
  vkey = (await reviewBy(scene.tan, scene.operation).checkpoint()).vkey ?? '';
});
afterAll(stopHubs);

const officer = (handle: string) => ({ kind: 'officer' as const, officerId: hub.officerId(handle) });

test('[RC-77] a pack is an entry first, names its recipient and purpose, and covers that entry', {
  timeout: 120_000,
}, async () => {
  const { tan, operation } = scene;
  const pack = await packFor(tan, operation, { recipient: officer('amelie') });
  expect([pack.status, pack.headers.get('content-type')]).toEqual([200, 'application/zip']);
  expect(pack.headers.get('content-disposition')).toMatch(
    /^attachment; filename="muster-pack-[0-9a-f]{32}\.zip"$/,
  );
  const [noted] = (await reviewBy(tan, operation).entries({ kind: 'record.exported' })).entries;
  expect(noted).toMatchObject({
    verb: 'disclosure',
    body: {
      purpose: 'Court of Appeal',
      format: 'muster-pack/1',
      recipient: { kind: 'officer', name: 'Amélie Roux, FR-OFAC', id: hub.officerId('amelie') },
      scope: { kind: 'operation' },
    },
  });
  const verdict = verifyWhole(pack.bytes, { vkey });
  expect(verdict).toMatchObject({
    ok: true,
    signer: 'authenticated',
    purged: 0,
    boards: { held: 1, rebuilt: true },
  });
  expect(verdict.ok && verdict.size).toBe((noted?.seq ?? 0) + 1);
  expect(Number(pack.headers.get('muster-expected-bytes'))).toBeGreaterThan(pack.bytes.length / 2);
});

test('[RC-77] a pack shows what its recipient may see, and of the rest the leaf hash', {
  timeout: 120_000,
}, async () => {
  const { tan, operation, inLane, toAll, board } = scene;
  const forPartner = await packFor(tan, operation, { recipient: officer('jonas') });
  const verdict = verifyWhole(forPartner.bytes, { vkey });
  expect(verdict).toMatchObject({ ok: true, boards: { held: 0 } });
  const names = namesIn(forPartner.bytes);
  expect(names).toContain(`data/payload/${inLane.seq}.bin`);
  expect(names).not.toContain(`data/payload/${toAll.seq}.bin`);
  expect(names.filter((name) => name.startsWith('data/board/'))).toEqual([]);
  for (const word of ['evil.example', 'Wallet', board.id, board.title, 'Chanida'])
    expect([word, forPartner.bytes.includes(word)]).toEqual([word, false]);
  expect(verdict.ok && [verdict.withheld > 0, verdict.withheld + verdict.shown]).toEqual([
    true,
    verdict.ok && verdict.size,
  ]);
});

test('[RC-77] nobody gives more than they may see themselves', { timeout: 120_000 }, async () => {
  const { operation, inLane, toAll } = scene;
  const amelie = await hub.signIn('amelie');
  const setRights = (compartments: readonly string[]) =>
    hub.store.write((tx) =>
      sql`update members set compartment_ids = ${[...compartments]}
          where operation_id = ${operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
    );
  await setRights([operation.main]);
  const pack = await packFor(amelie, operation, { recipient: officer('chanida') });
  const outside = await packFor(amelie, operation, {
    recipient: {
      kind: 'outside',
      name: 'A court',
      compartments: [asId(operation.partners)],
      namedRelease: true,
    },
  });
  await setRights([operation.main, operation.partners]);
  expect(verifyWhole(pack.bytes, { vkey })).toMatchObject({ ok: true });
  expect(namesIn(pack.bytes)).toContain(`data/payload/${toAll.seq}.bin`);
  expect(namesIn(pack.bytes)).not.toContain(`data/payload/${inLane.seq}.bin`);
  expect([outside.status, JSON.parse(String(outside.bytes)).error.code]).toEqual([404, 'not.found']);
});

test('[RC-77] whoever may not export, names nobody, or selects nothing gets no pack and leaves no export', {
  timeout: 120_000,
}, async () => {
  const { tan, operation } = scene;
  const count = async () => (await reviewBy(tan, operation).entries({ kind: 'record.exported' })).total;
  const before = await count();
  const [chanida, bruno] = [await hub.signIn('chanida'), await hub.signIn('bruno')];
  const absent = 'f'.repeat(32);
  const outside = {
    kind: 'outside',
    name: 'A court',
    compartments: [asId<CompartmentId>(operation.main)],
  } as const;
  const refused = [
    [await packFor(chanida, operation), 'not.allowed'],
    [await packFor(bruno, operation), 'not.found'],
    [await packFor(tan, operation, { purpose: ' ' }), 'bad.request'],
    [await packFor(tan, operation, { recipient: officer('petra') }), 'not.found'],
    [await packFor(tan, operation, { recipient: { kind: 'desk', desk: 'NOWHERE' } }), 'not.found'],
    [await packFor(tan, operation, { recipient: outside as never }), 'bad.request'],
    [await packFor(tan, operation, { size: 999_999 }), 'not.found'],
    [
      await packFor(tan, operation, { scope: { kind: 'objects', objects: [{ kind: 'board', id: absent }] } }),
      'not.found',
    ],
    [
      await packFor(tan, operation, {
        scope: { kind: 'time', since: '2001-01-01T00:00:00Z', until: '2001-01-02T00:00:00Z' },
      }),
      'not.found',
    ],
    [
      await packFor(tan, operation, {
        recipient: officer('jonas'),
        scope: { kind: 'objects', objects: [{ kind: 'message', id: scene.toAll.id }] },
      }),
      'not.found',
    ],
  ] as const;
  expect(refused.map(([{ bytes }]) => JSON.parse(String(bytes)).error.code)).toEqual(
    refused.map(([, code]) => code),
  );
  expect(await count()).toBe(before);
});

test('[RC-74] a pack of a time accounts for every entry of it, shown or withheld', {
  timeout: 120_000,
}, async () => {
  const { tan, operation, toAll, inLane } = scene;
  const { entries } = await reviewBy(tan, operation).entries();
  const at = (seq: number) => entries.find((entry) => entry.seq === seq)?.at ?? '';
  const pack = await packFor(tan, operation, {
    recipient: officer('jonas'),
    scope: { kind: 'time', since: at(toAll.seq), until: at(inLane.seq + 1) },
  });
  const verdict = verifyWhole(pack.bytes, { vkey });
  expect(verdict).toMatchObject({ ok: true, scope: { kind: 'time', from: toAll.seq } });
  const names = namesIn(pack.bytes);
  expect(names).toContain(`data/proofs/${toAll.seq}.tlog-proof`);
  expect(names).toContain(`data/entries/${inLane.seq}.json`);
  expect(names).not.toContain(`data/entries/${toAll.seq}.json`);
  expect(String(unpack(pack.bytes).get('data/log/withheld.txt'))).toMatch(new RegExp(`^${toAll.seq} `, 'm'));
});

test('[RC-74] a pack of objects holds their entries with proofs, and says that there may be others', {
  timeout: 120_000,
}, async () => {
  const { tan, operation, board, indicator, toAll } = scene;
  const pack = await packFor(tan, operation, {
    scope: {
      kind: 'objects',
      objects: [
        { kind: 'board', id: board.id },
        { kind: 'indicator', id: indicator.id },
      ],
    },
  });
  const verdict = verifyWhole(pack.bytes, { vkey });
  expect(verdict).toMatchObject({ ok: true, withheld: 0, boards: { held: 1 } });
  const files = unpack(pack.bytes);
  expect([...files.keys()]).toContain(`data/entries/${indicator.seq}.json`);
  expect([...files.keys()]).not.toContain(`data/entries/${toAll.seq}.json`);
  expect(String(files.get('data/README.txt'))).toContain('this pack proves inclusion, not completeness');
});

test('[RC-75] content that was purged is in no pack, which says so and still verifies', {
  timeout: 120_000,
}, async () => {
  const purged = await playScene(hub, 'HARBOUR');
  const { tan, operation, toAll, board } = purged;
  await hub.store.write(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`delete from entry_contents where log_id = ${operation.id} and seq = ${toAll.seq}`.execute(tx);
    await sql`delete from entry_contents where log_id = ${operation.id} and seq = (
                select max(seq) from entries where log_id = ${operation.id} and kind = 'board.updated')`.execute(
      tx,
    );
  });
  const pack = await packFor(tan, operation);
  expect(verifyWhole(pack.bytes)).toMatchObject({ ok: true, purged: 2, boards: { held: 0 } });
  const files = unpack(pack.bytes);
  expect([files.has(`data/payload/${toAll.seq}.salt`), files.has(`data/payload/${toAll.seq}.bin`)]).toEqual([
    false,
    false,
  ]);
  expect([...files.keys()].filter((name) => name.startsWith(`data/board/${board.id}`))).toEqual([]);
  expect(String(files.get('data/report/report.html'))).toContain('Some of its changes were purged');
});

test('[RC-70] a pack is a bag: unzip and sha256sum check it, and its own verifier needs Node alone', {
  timeout: 120_000,
}, async () => {
  const { tan, operation } = scene;
  const pack = await packFor(tan, operation);
  const folder = fs.mkdtempSync(path.join(hub.folder, 'bag-'));
  const file = path.join(folder, 'pack.zip');
  fs.writeFileSync(file, pack.bytes);
  const [base = ''] = unzip(file, folder);
  const bag = path.join(folder, base);
  for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
    expect(execFileSync('sha256sum', ['-c', '--quiet', manifest], { cwd: bag, encoding: 'utf8' })).toBe('');
  expect(fs.readFileSync(path.join(bag, 'bagit.txt'), 'utf8')).toBe(
    'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
  );
  const tool = path.join(folder, 'verify.mjs');
  fs.copyFileSync(path.join(bag, 'data/tools/verify.mjs'), tool);
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [tool, file, ...args], { cwd: folder, encoding: 'utf8', env: {} });
  const good = run('--key', vkey);
  expect([good.status, good.stdout.split('\n')[0]]).toEqual([
    0,
    'INTACT: consistent, and signed with the key given.',
  ]);
  const bytes = Buffer.from(pack.bytes);
  const at = bytes.indexOf('Wallet');
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
  const bad = run();
  expect([bad.status, bad.stdout.split('\n')[0]]).toEqual([
    1,
    expect.stringMatching(
      /^NOT INTACT at data\/payload\/\d+\.bin, entry \d+: the file was changed after the zip was written\.$/,
    ),
  ]);
  expect(spawnSync(process.execPath, ['scripts/run-verify.mjs', file], { encoding: 'utf8' }).status).toBe(1);
});

/** The folders at the top of what was unpacked. */
function unzip(file: string, folder: string): string[] {
  execFileSync('python3', [
    '-c',
    'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])',
    file,
    folder,
  ]);
  return fs.readdirSync(folder).filter((name) => name.startsWith('muster-pack-'));
}
