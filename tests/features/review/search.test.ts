import { afterAll, beforeAll, expect, test } from 'vitest';

import { rows, sql } from '#server/platform/storage/store.ts';
import { addCard, editCard } from '#shared/board/card.ts';
import type { CardId } from '#shared/board/document.ts';
import { asId } from '#shared/kernel/ids.ts';
import { BoardPeer } from '#tests/features/boards/peer.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { placesFound, readingBy } from './reading.ts';
import { amber, reviewBy } from './support.ts';

let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;
let jonas: TestOfficer;

beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('Opération GLACIER', {
    chanida: 'officer',
    jonas: 'officer',
    amelie: 'auditor',
  });
  [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
});
afterAll(stopHubs);

const say = (text: string) => reviewBy(tan, glacier).say(text, glacier.main);
const add = (raw: string, note = '') =>
  tan.must<{ seq: number }>('POST', `/operations/${glacier.id}/indicators`, {
    type: null,
    raw,
    note,
    compartment: glacier.main,
    handling: amber,
  });

test('[RV-2] messages, their edits, indicators, names and purposes are found', async () => {
  const said = await say('The courier leaves Woodlands at dawn.');
  const edited = await tan.must<{ recorded: { seq: number } }>(
    'POST',
    `/operations/${glacier.id}/messages/${said.id}/edit`,
    { text: 'The courier leaves Woodlands at noon.' },
  );
  expect(await placesFound(tan, glacier, 'courier woodl')).toEqual([said.seq, edited.recorded.seq]);
  expect(await placesFound(tan, glacier, 'dawn')).toEqual([said.seq]);
  const added = await add('mule-pay.example', 'Found on the seized laptop');
  expect(await placesFound(tan, glacier, 'seized LAPTOP')).toEqual([added.seq]);
  expect(await placesFound(tan, glacier, 'operation glacier')).toEqual([0]);
  await readingBy(tan, glacier).open('timeline', 'Coroner inquest');
  expect(await placesFound(tan, glacier, 'coroner')).toHaveLength(1);
});

test('[RV-4] an indicator is found fanged, defanged and in other writings', async () => {
  const domain = await add('login-secure.bank.example');
  const phone = await add('+66 81 234 5678');
  const iban = await add('DE89 3704 0044 0532 0130 00');
  const inText = await say('Seen at hxxps://login-secure[.]bank[.]example/otp last night');
  for (const text of [
    'login-secure.bank.example',
    'login-secure[.]bank[.]example',
    'LOGIN-SECURE(dot)bank(dot)example',
  ])
    expect([text, await placesFound(tan, glacier, text)]).toEqual([text, [domain.seq, inText.seq]]);
  for (const text of ['+66812345678', '+66 81-234-5678'])
    expect([text, await placesFound(tan, glacier, text)]).toEqual([text, [phone.seq]]);
  for (const text of ['DE89370400440532013000', 'DE89 3704 0044 0532 0130 00'])
    expect([text, await placesFound(tan, glacier, text)]).toEqual([text, [iban.seq]]);
});

test('[RV-3] text without spaces is found anywhere in it, words from their beginning', async () => {
  const thai = await say('ผู้ต้องสงสัยโอนเงินเข้าบัญชีม้าที่ธนาคารกรุงเทพ');
  for (const text of ['บัญชีม้า', 'โอนเงิน', 'กรุงเทพ', 'ธ'])
    expect([text, await placesFound(tan, glacier, text)]).toEqual([text, [thai.seq]]);
  expect(await placesFound(tan, glacier, 'ม้าบัญชี')).toEqual([]);
  const said = await say('Notebook handed over');
  expect(await placesFound(tan, glacier, 'noteb')).toEqual([said.seq]);
  expect(await placesFound(tan, glacier, 'ebook')).toEqual([]);
  expect(await placesFound(tan, glacier, '"over handed"')).toEqual([]);
  expect((await tan.post(`/operations/${glacier.id}/search`, { text: '…' })).status).toBe(400);
});

test('[RV-2] cards and what was done to boards are found', async () => {
  const board = await tan.must<{ id: string }>('POST', `/operations/${glacier.id}/boards`, {
    title: 'Money flow',
    compartment: glacier.main,
  });
  const peer = new BoardPeer({
    url: `${hub.url.replace('http', 'ws')}/y/${glacier.id}/${board.id}`,
    origin: hub.url,
    cookie: tan.cookie,
    protocols: ['muster-board.1'],
  });
  await peer.ready();
  const id = asId<CardId>('1'.repeat(32));
  const by = { by: 'hand' };
  const createdBy = hub.officerId('tan.wei');
  addCard(
    peer.doc,
    { id, kind: 'note', x: 0, y: 0, title: 'Ledger wallet', text: 'Cold storage', tlp: 'AMBER', createdBy },
    by,
  );
  await peer.acknowledged();
  const long = `${'many words before it '.repeat(60)}passphrase`;
  editCard(peer.doc, { id, text: long }, by);
  await peer.acknowledged();
  peer.hangUp();
  const titles = await readingBy(tan, glacier).search('money flow');
  expect(titles.rows.map(({ entry }) => entry.kind)).toEqual(['board.created']);
  const wallet = await readingBy(tan, glacier).search('"ledger wallet" added');
  expect(wallet.rows).toMatchObject([
    { group: 'boards', entry: { kind: 'board.updated' }, texts: ['added card “Ledger wallet”'] },
  ]);
  expect(await placesFound(tan, glacier, 'passphrase')).toHaveLength(1);
});

test('[RV-1] a search shows and counts what its reader may see, and only under its filters', async () => {
  const [open, lane] = [
    await say('Harvest in the open'),
    await reviewBy(jonas, glacier).say('Harvest in the lane', glacier.partners),
  ];
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[glacier.main]}
        where operation_id = ${glacier.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
  const amelie = await hub.signIn('amelie');
  expect(await readingBy(amelie, glacier).search('harvest')).toMatchObject({
    total: 1,
    totalIs: 'exact',
    next: null,
    rows: [{ entry: { seq: open.seq } }],
  });
  expect(await placesFound(tan, glacier, 'harvest')).toEqual([open.seq, lane.seq]);
  expect(await placesFound(tan, glacier, 'harvest', { compartment: glacier.partners })).toEqual([lane.seq]);
  expect(await placesFound(tan, glacier, 'harvest', { officerId: hub.officerId('jonas') })).toEqual([
    lane.seq,
  ]);
  expect(await placesFound(tan, glacier, 'harvest', { group: 'indicators' })).toEqual([]);
  expect(await placesFound(tan, glacier, 'harvest', { kind: 'message.posted', country: 'SG' })).toEqual([
    open.seq,
  ]);
  expect((await jonas.post(`/operations/${glacier.id}/search`, { text: 'harvest' })).status).toBe(403);
});

test('[RV-12] a search is one entry without its words, and its further pages need that entry', async () => {
  const all = [await say('Lantern one'), await say('Lantern two'), await say('Lantern three')];
  const reading = readingBy(tan, glacier);
  const first = await reading.search('lantern', { limit: 2, purpose: 'Inquiry 7' });
  expect([first.rows.map(({ entry }) => entry.seq), first.total]).toEqual([[all[2]?.seq, all[1]?.seq], 3]);
  const next = await reading.found(first.reading, { text: 'lantern', before: first.next ?? 0 });
  expect([next.rows.map(({ entry }) => entry.seq), next.next]).toEqual([[all[0]?.seq], null]);
  const { entries } = await reviewBy(tan, glacier).entries({ kind: 'record.consulted' });
  const noted = entries.filter(({ seq }) => seq >= first.reading);
  expect(noted).toMatchObject([
    { seq: first.reading, body: { what: 'search', purpose: 'Inquiry 7', words: 1 } },
  ]);
  expect(JSON.stringify(noted)).not.toContain('antern');
  const path = `/operations/${glacier.id}/search/${first.reading}?before=9&text=`;
  expect((await tan.get(`${path}other`)).status).toBe(400);
  const amelie = await hub.signIn('amelie');
  expect((await amelie.get(`${path}lantern`)).status).toBe(400);
});

test('[RV-11] content that is destroyed is found no more', async () => {
  const gone = await say('Perishable words');
  expect(await placesFound(tan, glacier, 'perishable')).toEqual([gone.seq]);
  await hub.store.write(async (tx) => {
    await sql`alter table entry_contents disable trigger contents_append_only`.execute(tx);
    await sql`delete from entry_contents where log_id = ${glacier.id} and seq = ${gone.seq}`.execute(tx);
    await sql`alter table entry_contents enable trigger contents_append_only`.execute(tx);
  });
  expect(await placesFound(tan, glacier, 'perishable')).toEqual([]);
  const left = await hub.store.read((tx) =>
    rows(tx, sql`select 1 from review_words where log_id = ${glacier.id} and seq = ${gone.seq}`),
  );
  expect(left).toEqual([]);
});
