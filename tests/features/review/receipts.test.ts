import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { receiptsCommand } from '#server/cli/receipts-command.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { nativeSigner } from '#server/record/receipts/ed25519.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { provePlaces, readReceiptKeys } from '#shared/contracts/record-log.ts';
import { fromBase64, fromUtf8, hex } from '#shared/kernel/encoding.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { parseEntry } from '#shared/record/entry.ts';
import { formatVkey, noteKey, parseVkey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { checkMany } from '#shared/record/many-proof.ts';
import { verifyNote } from '#shared/record/note.ts';
import { checkInclusion } from '#shared/record/proof.ts';
import { type Receipt, signReceipt } from '#shared/record/receipt.ts';
import { readReceipt } from '#shared/record/receipt-check.ts';
import { leafHash } from '#shared/record/tree.ts';
import { nodeBeside } from '#tests/features/boards/node-beside.ts';
import { eventually } from '#tests/features/boards/peer.ts';
import { join, openRoom, put, stock } from '#tests/features/boards/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { refusal, told } from '#tests/support/refusal.ts';

import { amber, covered, originOf, reviewBy } from './support.ts';

type WithReceipts = { readonly receipts?: readonly string[]; readonly recorded?: { seq: number } };
const bytes = (text: string) => fromBase64(text) ?? new Uint8Array();

let hub: TestHub;
let other: TestHub;
beforeAll(async () => {
  hub = await startHub();
  other = await nodeBeside(hub, {});
});
afterAll(stopHubs);

async function keysOf(officer: TestOfficer) {
  const reply = await officer.must<ReplyOf<typeof readReceiptKeys>>('GET', '/hub/receipt-keys');
  return { ...reply, parsed: reply.keys.map(({ vkey }) => parseVkey(vkey)).filter((key) => key !== null) };
}

async function receiptsIn(officer: TestOfficer, notes: readonly string[] | undefined): Promise<Receipt[]> {
  const { parsed } = await keysOf(officer);
  return (notes ?? []).map((note) => {
    const read = readReceipt(note, parsed);
    if (!read.ok) throw new Error(read.reason);
    return read.receipt;
  });
}

function leavesOf(log: string): Promise<{ seq: number; leaf_hash: Buffer; kind: string }[]> {
  return hub.store.read((tx) =>
    rows(tx, sql`select seq, leaf_hash, kind from entries where log_id = ${log} order by seq`),
  );
}

const post = (officer: TestOfficer, operation: Operation, commandId = officer.commandId()) =>
  officer.must<WithReceipts>('POST', `/operations/${operation.id}/messages`, {
    commandId,
    text: 'Here.',
    compartment: operation.main,
    handling: amber,
  });

test('[RC-54] every act is answered with receipts for its entries, a repeat with the same, a refusal with none', async () => {
  const operation = await hub.operation('GLACIER', { jonas: 'officer' });
  const tan = await hub.signIn('tan.wei');
  const commandId = tan.commandId();
  const [first, again] = [await post(tan, operation, commandId), await post(tan, operation, commandId)];
  const [receipt] = await receiptsIn(tan, first.receipts);
  const [repeated] = await receiptsIn(tan, again.receipts);
  const stored = await leavesOf(operation.id);
  const seq = first.recorded?.seq ?? -1;
  const entries = [{ index: seq, leaf: new Uint8Array(stored[seq]?.leaf_hash ?? []) }];
  expect(receipt).toEqual({ origin: originOf(hub, operation), at: expect.any(Number), entries });
  expect(again.receipts).toEqual(first.receipts);
  expect(repeated).toEqual(receipt);

  const refused = await tan.post(`/operations/${operation.id}/messages`, { text: '' });
  expect([refused.status, Reflect.get(Object(refused.body), 'receipts')]).toEqual([400, undefined]);
  const read = await tan.get(`/operations/${operation.id}`);
  expect(Reflect.get(Object(read.body), 'receipts')).toBeUndefined();
});

test('[RC-54] an act on two records is answered with a receipt for each, over a socket as over HTTP', async () => {
  const tan = await hub.signIn('tan.wei');
  const live = await tan.connect();
  const input = { name: 'HARBOUR', purpose: 'A test.', commandId: tan.commandId() };
  const answer = await live.say('call', { name: 'operations.create', input });
  const reply = Reflect.get(Object(answer), 'reply') as WithReceipts & { id: string };
  const receipts = await receiptsIn(tan, reply.receipts);
  expect(receipts.map(({ origin }) => origin).sort()).toEqual(
    [`${hub.hub.logOrigin}/hub`, `${hub.hub.logOrigin}/op/${reply.id}`].sort(),
  );
  for (const { origin, entries } of receipts) {
    const stored = await leavesOf(origin.endsWith('/hub') ? 'hub' : reply.id);
    for (const { index, leaf } of entries) expect(hex(leaf)).toBe(stored[index]?.leaf_hash.toString('hex'));
  }
  const entered = await live.enter(reply.id);
  const [visit] = await receiptsIn(tan, entered.ok ? Reflect.get(entered.reply, 'receipts') : []);
  const stored = await leavesOf(reply.id);
  expect(visit?.entries.map(({ index }) => stored[index]?.kind)).toEqual(['room.entered']);
});

test('[RC-53] a board gives receipts for every change, bundled, and to stock clients none', async () => {
  const room = await openRoom(undefined, hub);
  const peer = await join(room, 'chanida');
  const plain = await stock(room, 'sari');
  const before = (await leavesOf(room.operation.id)).length;
  for (let change = 0; change < 25; change++) {
    put(peer.doc, `k${change}`);
    await peer.acknowledged();
  }
  const tan = await hub.signIn('tan.wei');
  const mine = async () =>
    (await leavesOf(room.operation.id))
      .filter(({ seq, kind }) => seq >= before && kind === 'board.updated')
      .map(({ seq }) => seq);
  const told = async () => (await receiptsIn(tan, peer.receipts)).flatMap(({ entries }) => entries);
  const all = await mine();
  await eventually(() => peer.receipts.length > 0, 'the first receipt');
  for (const late = performance.now() + 8_000; (await told()).length < all.length; ) {
    if (performance.now() > late)
      throw new Error(`receipts are missing: ${(await told()).map(({ index }) => index)} of ${all}`);
  }
  const stored = await leavesOf(room.operation.id);
  const lines = await told();
  expect(lines.map(({ index }) => index)).toEqual(all);
  for (const { index, leaf } of lines) expect(hex(leaf)).toBe(stored[index]?.leaf_hash.toString('hex'));
  expect(peer.receipts.length).toBeLessThan(all.length);
  plain.destroy();
  peer.hangUp();
});

test('[RC-52] places are proved by their hashes alone, also to somebody who may not see them', async () => {
  const operation = await hub.operation('MONSOON', { jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  for (let said = 0; said < 6; said++) await post(tan, operation);
  const { vkey, size } = await covered(tan, operation, 8);
  const at = `/operations/${operation.id}/log/places`;
  const reply = await jonas.must<ReplyOf<typeof provePlaces>>('GET', `${at}?places=0,2,5,7,${size + 90}`);
  expect(reply.covered).toEqual([0, 2, 5, 7]);
  const key = parseVkey(vkey ?? '');
  const signed = verifyNote(reply.note ?? '', key === null ? [] : [key]);
  const checkpoint = signed.ok ? parseCheckpoint(signed.text) : null;
  const stored = await leavesOf(operation.id);
  const leaves = reply.covered.map((index) => ({
    index,
    leaf: stored[index]?.leaf_hash ?? Buffer.alloc(32),
  }));
  const root = checkpoint?.root ?? new Uint8Array();
  const claim = { size: checkpoint?.size ?? 0, root, leaves };
  expect(checkMany(claim, reply.proof.map(bytes))).toEqual({ ok: true });
  const wrong = leaves.map((one) => (one.index === 5 ? { ...one, leaf: leafHash(one.leaf) } : one));
  expect(checkMany({ ...claim, leaves: wrong }, reply.proof.map(bytes)).ok).toBe(false);
  expect(told(await tan.get(`${at}?places=3,3`))).toEqual(
    refusal('bad.request', { where: 'places', what: 'places that do not rise' }),
  );
});

test('[RC-51] each node has a key of its own, certified once on the hub’s signed record', async () => {
  const operation = await hub.operation('ATOLL');
  const [here, there] = [await hub.signIn('tan.wei'), await other.signIn('tan.wei')];
  const { parsed } = await keysOf(here);
  expect(parsed.map(({ name }) => name)).toEqual(Array(2).fill(`${hub.hub.logOrigin}/hub/receipt`));
  const notes = [await post(here, operation), await post(there, operation)].map(
    (one) => one.receipts?.[0] ?? '',
  );
  const signers = notes.map((note) => parsed.findIndex((key) => readReceipt(note, [key]).ok));
  expect(signers).toEqual([0, 1]);
  const file = path.join(other.folder, 'data', 'receipt.key');
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);

  let known = await keysOf(here);
  for (const late = performance.now() + 8_000; known.keys.some(({ covered: is }) => !is); ) {
    if (performance.now() > late) throw new Error('a key is not covered');
    known = await keysOf(here);
  }
  const hubKey = parseVkey(known.vkey ?? '');
  const signed = verifyNote(known.note ?? '', hubKey === null ? [] : [hubKey]);
  const { size = 0, root = new Uint8Array() } = (signed.ok && parseCheckpoint(signed.text)) || {};
  for (const { vkey, seq, entry, payload, proof } of known.keys) {
    const claim = { index: seq, size, leaf: leafHash(bytes(entry)), root };
    expect(checkInclusion(claim, proof.map(bytes))).toEqual({ ok: true });
    expect(parseEntry(bytes(entry))).toMatchObject({ ok: true, entry: { kind: 'receipt-key.certified' } });
    expect(JSON.parse(fromUtf8(bytes(payload)))).toEqual({ vkey });
  }
});

test('[RC-51] the machine’s own Ed25519 signs as ours does', () => {
  const seed = new Uint8Array(32).fill(77);
  const [native, ours] = [
    nativeSigner('hub.example/hub/receipt', seed),
    signerFromSeed('hub.example/hub/receipt', seed),
  ];
  expect(native.publicKey).toEqual(ours.publicKey);
  for (const text of ['', 'a', 'x'.repeat(5000)]) {
    const message = new TextEncoder().encode(text);
    expect(native.sign(message)).toEqual(ours.sign(message));
  }
});

describe('npm run receipts', () => {
  test('[RC-55] saved receipts are checked against an export, and a broken promise is named', async () => {
    const operation = await hub.operation('TUNDRA');
    const tan = await hub.signIn('tan.wei');
    const notes = [];
    for (let said = 0; said < 3; said++) notes.push(...((await post(tan, operation)).receipts ?? []));
    const exported = await reviewBy(tan, operation).export();
    const { vkey } = await reviewBy(tan, operation).checkpoint();
    const { keys } = await keysOf(tan);
    const files = {
      export: path.join(hub.folder, 'export.jsonl'),
      receipts: path.join(hub.folder, 'receipts.json'),
    };
    fs.writeFileSync(files.export, String(exported.body));
    const run = async (given: readonly string[]) => {
      fs.writeFileSync(files.receipts, JSON.stringify(given));
      const said: string[] = [];
      const trusted = keys.flatMap((key) => ['--receipt-key', key.vkey]);
      const code = await receiptsCommand([files.receipts, files.export, '--key', vkey ?? '', ...trusted], {
        print: (line) => said.push(line),
        complain: (line) => said.push(line),
      });
      return { code, said };
    };
    const origin = originOf(hub, operation);
    const last = (kept: number, broken: number) =>
      `${kept} acknowledged entries stand in ${origin}; ${broken} promises are broken.`;
    expect(await run(notes)).toEqual({ code: 0, said: [last(3, 0)] });

    const seed = new Uint8Array(32).fill(3);
    const forger = nativeSigner(`${hub.hub.logOrigin}/hub/receipt`, seed);
    keys.push({ ...(keys[0] ?? never()), vkey: formatVkey(noteKey(forger, signatureTypes.log)) });
    const promise = (index: number) =>
      signReceipt(forger, { origin, at: 1, entries: [{ index, leaf: leafHash(new Uint8Array()) }] });
    expect(await run([...notes, promise(2), promise(9_999)])).toEqual({
      code: 1,
      said: [
        'Receipt 4: entry 2 is not what was acknowledged.',
        'Receipt 5: entry 9999 is not in this export.',
        last(3, 2),
      ],
    });
    keys.pop();
    expect(await run([promise(2)])).toMatchObject({
      code: 1,
      said: ['Receipt 1 proves nothing: note-no-known-signer.', last(0, 1)],
    });
    expect((await run([])).code).toBe(2);
  });
});

function never(): never {
  throw new Error('no receipt key');
}
