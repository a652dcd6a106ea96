import { afterAll, beforeAll, expect, test } from 'vitest';

import { insertDesk, insertOfficer } from '#server/features/identity/index.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import type { InputOf, ReplyOf } from '#shared/contracts/contract.ts';
import type { readAnchor, readHubCheckpoint } from '#shared/contracts/record-log.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { commitPayload, parseEntry } from '#shared/record/entry.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { checkConsistency, checkInclusion } from '#shared/record/proof.ts';
import { checkProofFile } from '#shared/record/proof-file.ts';
import { encodeBundle, tilePath, tilesOf } from '#shared/record/tiles.ts';
import { Frontier, leafHash } from '#shared/record/tree.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { codeOf, refusal, told } from '#tests/support/refusal.ts';

import { covered, growRecord, originOf, reviewBy } from './support.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

type File = { readonly status: number; readonly bytes: Uint8Array; readonly headers: Headers };

async function fetchFile(officer: TestOfficer, path: string): Promise<File> {
  const response = await fetch(`${hub.url}/api/v1${path}`, { headers: { cookie: officer.cookie ?? '' } });
  return {
    status: response.status,
    bytes: new Uint8Array(await response.arrayBuffer()),
    headers: response.headers,
  };
}

function checkpointIn(note: string, vkey: string | null) {
  const key = parseVkey(vkey ?? '');
  const verified = verifyNote(note, key === null ? [] : [key]);
  const checkpoint = verified.ok ? parseCheckpoint(verified.text) : null;
  if (checkpoint === null) throw new Error(`not signed: ${JSON.stringify(verified)}`);
  return checkpoint;
}

/** Entries and leaves of a record as the store has them. */
function stored(log: string, size: number): Promise<{ bytes: Buffer; leaf_hash: Buffer }[]> {
  return hub.store.read((tx) =>
    rows(tx, sql`select bytes, leaf_hash from entries where log_id = ${log} and seq < ${size} order by seq`),
  );
}

test('[RC-48] the tiles of a record are those of its signed tree, full ones for good', async () => {
  const operation = await hub.operation('GLACIER', { jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  await growRecord(hub, operation, 300);
  const { vkey } = await covered(tan, operation, 300);
  const base = `/operations/${operation.id}/log`;
  const text = await fetchFile(jonas, `${base}/checkpoint`);
  expect([text.status, text.headers.get('content-type'), text.headers.get('cache-control')]).toEqual([
    200,
    'text/plain; charset=utf-8',
    'no-store',
  ]);
  const checkpoint = checkpointIn(new TextDecoder().decode(text.bytes), vkey);
  expect(checkpoint.origin).toBe(originOf(hub, operation));

  const tree = new Frontier();
  for (const tile of tilesOf(checkpoint.size)) {
    const { status, bytes, headers } = await fetchFile(jonas, `${base}/${tilePath(tile)}`);
    expect([status, bytes.length, headers.get('content-type')]).toEqual([
      200,
      32 * tile.width,
      'application/octet-stream',
    ]);
    const full = tile.width === 256;
    expect(headers.get('cache-control')).toBe(full ? 'private, max-age=31536000, immutable' : 'no-store');
    expect(headers.get('vary') ?? '').toBe(full ? 'Cookie' : '');
    for (let at = 0; at < tile.width; at++) {
      const hash = bytes.subarray(at * 32, at * 32 + 32);
      if (tile.level === 0) tree.append(hash);
      else expect(hash).toEqual(new Uint8Array(await rootOfFirst(operation, 256)));
    }
  }
  expect(tree.size).toBe(checkpoint.size);
  expect(tree.root()).toEqual(checkpoint.root);
});

async function rootOfFirst(operation: Operation, size: number): Promise<Uint8Array> {
  const tree = new Frontier();
  for (const { leaf_hash } of await stored(operation.id, size)) tree.append(leaf_hash);
  return tree.root();
}

test('[RC-48] there is no tile beyond the checkpoint, in another spelling, or of another record', async () => {
  const operation = await hub.operation('HARBOUR', { jonas: 'officer', chanida: 'officer' });
  const tan = await hub.signIn('tan.wei');
  const { size } = await covered(tan, operation, 3);
  const none = told(await tan.get(`/operations/${'a'.repeat(32)}/log/tile/0/000.p/1`));
  expect(none).toEqual(refusal('not.found'));
  for (const tile of [
    `0/000.p/${size + 1}`,
    '0/000',
    '0/001.p/1',
    '1/000.p/1',
    '6/000.p/1',
    '0/0',
    '0/000.p/0',
    '0/000.p/01',
    'entries/000',
    'entries/x000/000.p/1',
    '0/000.p/1/',
    '..%2f..%2fcheckpoint',
  ]) {
    expect(told(await tan.get(`/operations/${operation.id}/log/tile/${tile}`)), tile).toEqual(none);
  }
  for (const width of [1, size - 1, size]) {
    const { status, bytes } = await fetchFile(tan, `/operations/${operation.id}/log/tile/0/000.p/${width}`);
    expect([status, bytes.length]).toEqual([200, 32 * width]);
  }
});

test('[RC-49] a bundle is for whoever may see every entry in it, and absent for others', async () => {
  const operation = await hub.operation('MONSOON', { jonas: 'officer', chanida: 'officer' });
  const [tan, jonas, chanida] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('jonas'),
    await hub.signIn('chanida'),
  ];
  await growRecord(hub, operation, 2);
  const { seq } = await reviewBy(tan, operation).say('For the lane.', operation.partners);
  const { size } = await covered(tan, operation, seq + 1);
  const path = `/operations/${operation.id}/log/tile/entries/000.p/${size}`;
  const whole = encodeBundle((await stored(operation.id, size)).map(({ bytes }) => bytes));
  for (const officer of [tan, chanida]) {
    const { status, bytes } = await fetchFile(officer, path);
    expect([status, bytes]).toEqual([200, whole]);
  }
  // Jonas is of an industry partner: most of it is not for him, and his answer is that of a tile beyond the tree.
  const beyond = told(await jonas.get(`/operations/${operation.id}/log/tile/entries/009.p/1`));
  expect(told(await jonas.get(path))).toEqual(beyond);
  expect(beyond).toEqual(refusal('not.found'));
  expect((await fetchFile(jonas, `/operations/${operation.id}/log/tile/0/000.p/${size}`)).status).toBe(200);
});

test('[RC-48] [RC-49] everybody may witness the record of the hub, its administrators read it', async () => {
  const admin = await administrator();
  const tan = await hub.signIn('tan.wei');
  const newest = await hubCheckpoint(tan);
  const checkpoint = checkpointIn(newest.note ?? '', newest.vkey);
  expect(checkpoint.origin).toBe(`${hub.hub.logOrigin}/hub`);
  const text = await fetchFile(tan, '/hub/log/checkpoint');
  expect(text.status).toBe(200);
  const entries = await stored('hub', checkpoint.size);
  const width = Math.min(256, checkpoint.size);
  const path = `entries/000${width === 256 ? '' : `.p/${width}`}`;
  const bundle = await fetchFile(admin, `/hub/log/tile/${path}`);
  expect([bundle.status, bundle.bytes]).toEqual([
    200,
    encodeBundle(entries.slice(0, width).map(({ bytes }) => bytes)),
  ]);
  const absent = refusal('not.found');
  expect(told(await tan.get(`/hub/log/tile/${path}`))).toEqual(absent);
  expect(told(await tan.get('/hub/log/tile/entries/999'))).toEqual(absent);
  const leaves = await fetchFile(tan, `/hub/log/tile/0/000${width === 256 ? '' : `.p/${width}`}`);
  expect(leaves.bytes).toEqual(
    new Uint8Array(Buffer.concat(entries.slice(0, width).map((one) => one.leaf_hash))),
  );
});

test('[RC-50] a proof file proves its entry, to those who may see it', async () => {
  const operation = await hub.operation('ATOLL', { jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  await growRecord(hub, operation, 6);
  const { seq } = await reviewBy(tan, operation).say('For the lane.', operation.partners);
  const { vkey } = await covered(tan, operation, seq + 1);
  const log = parseVkey(vkey ?? '');
  if (log === null) throw new Error('no key');
  for (const [officer, at] of [
    [tan, 3],
    [tan, seq],
    [jonas, seq],
  ] as const) {
    const { body, status, headers } = await officer.get(
      `/operations/${operation.id}/entries/${at}/proof-file`,
    );
    expect([status, headers.get('content-disposition')]).toEqual([
      200,
      `attachment; filename="${operation.id}-${at}.tlog-proof"`,
    ]);
    const [entry, other] = (await stored(operation.id, seq + 1))
      .slice(at === seq ? at - 1 : at)
      .map((e) => e.bytes);
    const [own, foreign] = at === seq ? [other, entry] : [entry, other];
    expect(checkProofFile(String(body), own ?? Buffer.alloc(0), { log })).toMatchObject({
      ok: true,
      index: at,
    });
    expect(checkProofFile(String(body), foreign ?? Buffer.alloc(0), { log })).toMatchObject({
      ok: false,
      reason: 'proof-root-mismatch',
    });
  }
  const nothing = refusal('not.found', { where: 'seq' });
  expect(told(await jonas.get(`/operations/${operation.id}/entries/3/proof-file`))).toEqual(nothing);
  expect(told(await tan.get(`/operations/${operation.id}/entries/9999/proof-file`))).toEqual(nothing);
});

test('[RC-47] a member is shown the anchor of their operation, and that the hub’s signed record contains it', async () => {
  const operation = await hub.operation('TUNDRA', { jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  await covered(tan, operation, 2);
  const { anchor, vkey } = await anchored(jonas, operation);
  const { size, root } = checkpointIn(anchor.note, vkey);
  expect(size).toBe(anchor.size);
  const bytes = (text: string) => fromBase64(text) ?? new Uint8Array();
  const entry = bytes(anchor.entry);
  const claim = { index: anchor.seq, size, leaf: leafHash(entry), root };
  expect(checkInclusion(claim, anchor.proof.map(bytes))).toEqual({ ok: true });
  const commitment = commitPayload(bytes(anchor.salt), bytes(anchor.payload));
  expect(parseEntry(entry)).toMatchObject({
    ok: true,
    entry: { kind: 'record.anchored', object: { kind: 'operation', id: operation.id }, commitment },
  });
  const said = JSON.parse(new TextDecoder().decode(bytes(anchor.payload))) as Record<string, unknown>;
  const now = await reviewBy(jonas, operation).checkpoint({ since: String(said.size) });
  const held = checkpointIn(now.note ?? '', now.vkey);
  expect(said.origin).toBe(originOf(hub, operation));
  const consistent = checkConsistency(
    { from: Number(said.size), fromRoot: bytes(String(said.root)), to: held.size, toRoot: held.root },
    now.consistency.map(bytes),
  );
  expect(consistent).toEqual({ ok: true });
});

async function anchored(officer: TestOfficer, operation: Operation) {
  for (const late = performance.now() + 15_000; performance.now() < late; ) {
    const found = await officer.must<ReplyOf<typeof readAnchor>>('GET', `/operations/${operation.id}/anchor`);
    if (found.anchor !== null) return { ...found, anchor: found.anchor };
    await new Promise((resume) => setImmediate(resume));
  }
  throw new Error('no anchor');
}

async function hubCheckpoint(
  officer: TestOfficer,
  given: Partial<Record<keyof InputOf<typeof readHubCheckpoint>, string>> = {},
) {
  for (const late = performance.now() + 8_000; performance.now() < late; ) {
    const query = new URLSearchParams(given);
    const newest = await officer.must<ReplyOf<typeof readHubCheckpoint>>('GET', `/hub/checkpoint?${query}`);
    if (newest.note !== null) return newest;
    await new Promise((resume) => setImmediate(resume));
  }
  throw new Error('the hub is not signed');
}

test('[RC-48] the hub’s record is proved to go on from what was seen before', async () => {
  const tan = await hub.signIn('tan.wei');
  const before = await hubCheckpoint(tan);
  const from = checkpointIn(before.note ?? '', before.vkey);
  await hub.operation('SAVANNAH');
  let to = from;
  let consistency: string[] = [];
  while (to.size === from.size) {
    const newest = await hubCheckpoint(tan, { since: String(from.size) });
    to = checkpointIn(newest.note ?? '', newest.vkey);
    ({ consistency } = newest);
  }
  const claim = { from: from.size, fromRoot: from.root, to: to.size, toRoot: to.root };
  expect(
    checkConsistency(
      claim,
      consistency.map((text) => fromBase64(text) ?? new Uint8Array()),
    ),
  ).toEqual({ ok: true });
  expect(codeOf(await hub.stranger().get('/hub/checkpoint'))).toBe('session.missing');
});

/** A host administrator: no member of anything. */
async function administrator(): Promise<TestOfficer> {
  const [desk, id] = ['d'.repeat(32) as DeskId, 'e'.repeat(32) as OfficerId];
  await hub.store.write(async (tx) => {
    await insertDesk(tx, { id: desk, code: 'HOST', name: 'Host', country: 'SG', kind: 'police' }, 0);
    const email = 'host@desk.example';
    await insertOfficer(
      tx,
      { id, deskId: desk, handle: 'host', name: 'Host', email, hostAdministrator: true },
      0,
    );
  });
  return hub.signIn('host');
}
