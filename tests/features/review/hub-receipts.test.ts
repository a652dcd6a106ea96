import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { proveHubPlaces, readReceiptKeys } from '#shared/contracts/record-log.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { checkMany } from '#shared/record/many-proof.ts';
import type { Receipt } from '#shared/record/receipt.ts';
import { readReceipt } from '#shared/record/receipt-check.ts';
import { leafHash } from '#shared/record/tree.ts';
import { readSigned } from '#shared/record/witness/watch.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { refusal, told } from '#tests/support/refusal.ts';

let hub: TestHub;
let tan: TestOfficer;
beforeAll(async () => {
  hub = await startHub();
  tan = await hub.signIn('tan.wei');
});
afterAll(stopHubs);

const bytes = (text: string) => fromBase64(text) ?? new Uint8Array();

/** What the hub promised about its own record in this answer. */
async function promisedIn(body: unknown): Promise<Receipt> {
  const { keys } = await tan.must<ReplyOf<typeof readReceiptKeys>>('GET', '/hub/receipt-keys');
  const parsed = keys.map(({ vkey }) => parseVkey(vkey)).filter((key) => key !== null);
  const notes: unknown = Reflect.get(Object(body), 'receipts');
  const receipts = (Array.isArray(notes) ? notes : []).map((note) => readReceipt(String(note), parsed));
  const own = receipts.flatMap((read) => (read.ok ? [read.receipt] : []));
  const found = own.find(({ origin }) => origin === `${hub.hub.logOrigin}/hub`);
  if (found === undefined) throw new Error('no receipt for the hub’s record');
  return found;
}

async function proved(index: number, since = 0): Promise<ReplyOf<typeof proveHubPlaces>> {
  const ask = () =>
    tan.must<ReplyOf<typeof proveHubPlaces>>('GET', `/hub/log/places?places=${index}&since=${since}`);
  await expect.poll(async () => (await ask()).covered, { timeout: 20_000 }).toEqual([index]);
  return ask();
}

test('[RC-91] a receipt for the hub’s own record is proved by the hub’s signed tree, to whoever is signed in', async () => {
  const signIn = await hub.stranger().post('/exercise/sign-in', { officer: 'sari' });
  const opened = await tan.post('/operations', { name: 'GLACIER', purpose: 'A test.' });
  for (const body of [signIn.body, opened.body]) {
    const { entries } = await promisedIn(body);
    const [entry] = entries;
    if (entry === undefined) throw new Error('a receipt of nothing');
    const { note, vkey, proof } = await proved(entry.index);
    const key = parseVkey(vkey ?? '');
    const signed = key === null ? 'no key' : readSigned(note ?? '', key);
    if (typeof signed === 'string') throw new Error(signed);
    const claim = { size: signed.size, root: signed.root, leaves: [entry] };
    expect(checkMany(claim, proof.map(bytes))).toEqual({ ok: true });
    const other = { ...claim, leaves: [{ ...entry, leaf: leafHash(entry.leaf) }] };
    expect(checkMany(other, proof.map(bytes)).ok, 'another entry').toBe(false);
  }
});

test('[RC-91] it shows hashes and no entry, and needs a session', async () => {
  const reply = await proved(0);
  expect(Object.keys(reply).sort()).toEqual([
    'consistency',
    'covered',
    'note',
    'proof',
    'signedAt',
    'size',
    'vkey',
  ]);
  expect(reply.note?.split('\n').filter((line) => line.startsWith('—'))).toHaveLength(1);
  expect(told(await hub.stranger().get('/hub/log/places?places=0'))).toEqual(refusal('session.missing'));
  expect(told(await tan.get('/hub/log/places?places=3,3'))).toEqual(
    refusal('bad.request', { where: 'places', what: 'places that do not rise' }),
  );
});
