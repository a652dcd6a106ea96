import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as Y from 'yjs';

import { addCard, deleteCards, editCard, moveCards, type NewCard } from '#shared/board/card.ts';
import type { CardId, FrameId, LinkId } from '#shared/board/document.ts';
import { addFrame } from '#shared/board/frame.ts';
import { connect } from '#shared/board/link.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import { restoreBoard } from '#shared/board/restore.ts';
import type { BoardAct } from '#shared/contracts/boards.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import { asId } from '#shared/kernel/ids.ts';

import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { BoardPeer } from './peer.ts';

const hand = { by: 'hand' };
const id = (n: number) => n.toString(16).padStart(32, '0');

let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;
let chanida: TestOfficer;
let board: string;

beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
  [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const made = await tan.must<{ id: string }>('POST', `/operations/${glacier.id}/boards`, {
    title: 'Main',
    compartment: glacier.main,
  });
  board = made.id;
});
afterAll(stopHubs);

async function open(officer: TestOfficer): Promise<BoardPeer> {
  const peer = new BoardPeer({
    url: `${hub.url.replace('http', 'ws')}/y/${glacier.id}/${board}`,
    origin: hub.url,
    cookie: officer.cookie,
  });
  await peer.ready();
  return peer;
}

const card = (n: number, title: string): NewCard => ({
  id: asId<CardId>(id(n)),
  kind: 'note',
  x: 0,
  y: 0,
  title,
  tlp: 'AMBER',
  createdBy: hub.officerId('tan.wei'),
});
const at = (query: string) =>
  tan.must<{ seq: number; board: Json }>('GET', `/operations/${glacier.id}/boards/${board}/at?${query}`);
const history = (query = '') =>
  tan.must<{ acts: BoardAct[]; more: boolean }>(
    'GET',
    `/operations/${glacier.id}/boards/${board}/history?${query}`,
  );

test('[BD-30] [CB-21] the state at every entry is exactly what was acknowledged then, and each act says who did what', async () => {
  const byTan = await open(tan);
  const byChanida = await open(chanida);
  const moments: { seq: number; board: Json }[] = [];
  const step = async (peer: BoardPeer, act: (doc: Y.Doc) => void) => {
    act(peer.doc);
    await peer.acknowledged();
    moments.push({ seq: peer.acks.at(-1)?.docSeq ?? -1, board: boardToJson(peer.doc) });
    const other = peer === byTan ? byChanida : byTan;
    await expect.poll(() => boardToJson(other.doc)).toEqual(boardToJson(peer.doc));
  };
  await step(byTan, (doc) => addCard(doc, card(1, 'Wallet bc1q'), hand));
  await step(byChanida, (doc) =>
    addFrame(doc, { id: asId<FrameId>(id(9)), title: 'Seizures', x: 0, y: 0, w: 400, h: 300 }, hand),
  );
  await step(byTan, (doc) => editCard(doc, { id: asId<CardId>(id(1)), frame: asId<FrameId>(id(9)) }, hand));
  await step(byChanida, (doc) => editCard(doc, { id: asId<CardId>(id(1)), text: 'Empty since noon.' }, hand));
  await step(byChanida, (doc) => moveCards(doc, [{ id: asId<CardId>(id(1)), x: 120, y: 40 }], hand));
  await step(byTan, (doc) => deleteCards(doc, [id(1)], hand));
  for (const moment of moments) expect((await at(`seq=${moment.seq}`)).board).toEqual(moment.board);
  const { acts, more } = await history();
  expect(more).toBe(false);
  expect(acts.slice(0, 6).map(({ by, sentences }) => `${by?.country}: ${sentences.join('; ')}`)).toEqual([
    'SG: deleted card “Wallet bc1q”',
    'TH: moved card “Wallet bc1q”',
    'TH: changed the text of card “Wallet bc1q” from nothing to “Empty since noon.”',
    'SG: moved card “Wallet bc1q” into frame “Seizures”',
    'TH: added frame “Seizures”',
    'SG: added card “Wallet bc1q”',
  ]);
  expect(acts[1]?.changes).toMatchObject([
    { what: 'moved', before: { x: 0, y: 0 }, after: { x: 120, y: 40 } },
  ]);
  expect((await history(`before=${moments[1]?.seq}&limit=1`)).acts).toMatchObject([{ seq: moments[0]?.seq }]);
  byTan.hangUp();
  byChanida.hangUp();
});

test('[BD-31] [CB-22] a restored card is a new edit on top of everything since', async () => {
  const peer = await open(tan);
  addCard(peer.doc, card(2, 'Account 6789'), hand);
  editCard(peer.doc, { id: asId<CardId>(id(2)), text: 'Opened in March.' }, hand);
  await peer.acknowledged();
  const then = await at(`seq=${peer.acks.at(-1)?.docSeq}`);
  editCard(peer.doc, { id: asId<CardId>(id(2)), title: 'Wrong', text: '' }, hand);
  addCard(peer.doc, card(3, 'Later'), hand);
  await peer.acknowledged();
  deleteCards(peer.doc, [id(2)], hand);
  await peer.acknowledged();
  restoreBoard(peer.doc, then.board, new Set([id(2)]), hand);
  await peer.acknowledged();
  expect(boardToJson(peer.doc)).toMatchObject({
    cards: { [id(2)]: { title: 'Account 6789', text: 'Opened in March.' }, [id(3)]: { title: 'Later' } },
  });
  restoreBoard(peer.doc, then.board, 'all', hand);
  await peer.acknowledged();
  expect(boardToJson(peer.doc)).toEqual(then.board);
  expect((await history('limit=2')).acts.map(({ sentences }) => sentences)).toEqual([
    ['deleted card “Later”'],
    ['added card “Account 6789”'],
  ]);
  peer.hangUp();
});

test('[BD-30] the history of one record holds what touched it and its links, malformed ones too', async () => {
  const peer = await open(tan);
  const acts = async (record: string, more = '') => (await history(`record=${record}${more}`)).acts;
  for (const n of [4, 5, 6]) addCard(peer.doc, card(n, `Card ${n}`), hand);
  await peer.acknowledged();
  moveCards(peer.doc, [{ id: asId<CardId>(id(4)), x: 5, y: 5 }], hand);
  await peer.acknowledged();
  moveCards(peer.doc, [{ id: asId<CardId>(id(6)), x: 5, y: 5 }], hand);
  await peer.acknowledged();
  const ends = { from: asId<CardId>(id(4)), to: asId<CardId>(id(5)) };
  connect(peer.doc, { id: asId<LinkId>(id(7)), ...ends }, hand);
  await peer.acknowledged();
  expect((await acts(id(4))).map(({ sentences }) => sentences.at(-1))).toEqual([
    'linked “Card 4” to “Card 5”',
    'moved card “Card 4”',
    expect.stringMatching(/^added card/),
  ]);
  const [newest] = await acts(id(4), '&limit=1');
  expect(await history(`record=${id(4)}&limit=1&before=${newest?.seq}`)).toMatchObject({
    acts: [{ sentences: ['moved card “Card 4”'] }],
    more: true,
  });
  peer.doc.getMap('cards').set(id(8), 'rubbish');
  await peer.acknowledged();
  expect(await acts(id(8), '&limit=1')).toMatchObject([{ by: { country: 'SG' } }]);
  peer.hangUp();
});

test('[BD-30] a reader without the compartment finds no board there', async () => {
  const jonas = await hub.signIn('jonas');
  expect(await jonas.get(`/operations/${glacier.id}/boards/${board}/at`)).toMatchObject({ status: 404 });
  expect(await jonas.get(`/operations/${glacier.id}/boards/${board}/history`)).toMatchObject({ status: 404 });
});
