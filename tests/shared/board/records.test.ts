import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { addCard, deleteCards, editCard, moveCards, readCard } from '#shared/board/card.ts';
import { boardSchema, canWriteSchema, root, rootNames, seedBoard } from '#shared/board/document.ts';
import { addFrame, deleteFrames, moveFrame } from '#shared/board/frame.ts';
import { boardLimits } from '#shared/board/limits.ts';
import { connect, editLink } from '#shared/board/link.ts';
import { boardToJson, readBoard } from '#shared/board/read-board.ts';
import { readRecord, textUpTo } from '#shared/board/shape.ts';
import { Refusal } from '#shared/kernel/failures.ts';

import { card, exchange, frame, link, me, note, officer, updatesOf } from './support.ts';

test('[CB-1] a board written by every writer has no root beyond the allowed ones', () => {
  const doc = fullBoard();
  seedBoard(doc, me);
  expect([...doc.share.keys()].sort()).toEqual([...rootNames].sort());
});

test('[CB-2] a board of a later layout is shown but not written to', () => {
  const doc = new Y.Doc();
  expect(canWriteSchema(doc)).toBe(true);
  seedBoard(doc, me);
  expect(canWriteSchema(doc)).toBe(true);
  root(doc, 'meta').set('schema', boardSchema + 1);
  expect(canWriteSchema(doc)).toBe(false);
});

test('[CB-3] a card reads back as it was written', () => {
  const doc = new Y.Doc();
  addCard(doc, { ...note(1, 10.4, 20.6), title: 'Mule', text: 'tells a story', frame: frame(1), z: 3 }, me);
  expect(readCard(card(1), root(doc, 'cards').get(card(1)))).toEqual({
    state: 'sound',
    id: card(1),
    kind: 'note',
    x: 10,
    y: 21,
    w: 208,
    title: 'Mule',
    text: 'tells a story',
    tlp: 'AMBER',
    ref: null,
    frame: frame(1),
    createdBy: officer,
    z: 3,
  });
});

test.each([
  ['kind', 'bomb'],
  ['x', Number.NaN],
  ['y', '12'],
  ['w', 9999],
  ['title', 'a'.repeat(boardLimits.title + 1)],
  ['text', 'not co-edited'],
  ['tlp', 'PINK'],
  ['ref', { kind: 'indicator' }],
  ['frame', 7],
  ['createdBy', 'nobody'],
  ['z', null],
])('[CB-3] a card whose %s is malformed is damaged, not an error', (field, value) => {
  const doc = new Y.Doc();
  addCard(doc, note(1), me);
  (root(doc, 'cards').get(card(1)) as Y.Map<unknown>).set(field, value);
  expect(readBoard(doc)).toEqual({
    cards: [],
    links: [],
    frames: [],
    damaged: [{ state: 'damaged', id: card(1), reason: `bad-${field}`, root: 'cards' }],
  });
});

test('[CB-3] things that are no records at all are damaged, whatever they are', () => {
  const doc = new Y.Doc();
  root(doc, 'cards').set(card(1), 'text');
  root(doc, 'cards').set('__proto__', new Y.Map());
  root(doc, 'links').set(link(1), new Y.Array());
  root(doc, 'frames').set(frame(1), new Y.Map([['v', 2]]));
  expect(readBoard(doc).damaged).toEqual([
    { state: 'damaged', id: '__proto__', reason: 'bad-id', root: 'cards' },
    { state: 'damaged', id: card(1), reason: 'not-a-record', root: 'cards' },
    { state: 'damaged', id: link(1), reason: 'not-a-record', root: 'links' },
    { state: 'damaged', id: frame(1), reason: 'newer-version', root: 'frames' },
  ]);
});

test('[CB-3] an older record is lifted through every version in between', () => {
  const doc = new Y.Doc();
  root(doc, 'cards').set('old', new Y.Map([['name', 'Mule']]));
  const lift = [
    (fields: Readonly<Record<string, unknown>>) => ({ ...fields, label: fields.name }),
    (fields: Readonly<Record<string, unknown>>) => ({ ...fields, title: fields.label }),
  ];
  const held = root(doc, 'cards').get('old');
  expect(readRecord(held, { title: textUpTo(9) }, lift)).toEqual({ ok: true, value: { title: 'Mule' } });
});

test('[CB-4] a link whose end another person deleted is not shown, and comes back with it', () => {
  const [here, there] = [new Y.Doc(), new Y.Doc()];
  addCard(here, note(1), me);
  addCard(here, note(2), me);
  exchange(here, there);
  const undo = new Y.UndoManager(root(there, 'cards'), { trackedOrigins: new Set([me]) });
  connect(here, { id: link(1), from: card(1), to: card(2) }, me);
  deleteCards(there, [card(2)], me);
  exchange(here, there);
  expect(readBoard(here).links).toEqual([]);
  undo.undo();
  exchange(here, there);
  expect(readBoard(here).links.map((one) => one.id)).toEqual([link(1)]);
  undo.destroy();
});

test('[CB-4] a card whose frame is gone belongs to none', () => {
  const doc = new Y.Doc();
  addCard(doc, { ...note(1), frame: frame(9) }, me);
  expect(readBoard(doc).cards.map((one) => one.frame)).toEqual([null]);
});

test('[CB-5] two people typing in one text keep each other’s words', () => {
  const [here, there] = [new Y.Doc(), new Y.Doc()];
  addCard(here, { ...note(1), text: 'weekly pay' }, me);
  exchange(here, there);
  editCard(here, { id: card(1), text: 'job advert, weekly pay' }, me);
  editCard(there, { id: card(1), text: 'weekly pay by wire' }, me);
  exchange(here, there);
  expect(readBoard(here).cards[0]?.text).toBe('job advert, weekly pay by wire');
});

test('[CB-5] an edit that changes nothing writes nothing', () => {
  const doc = new Y.Doc();
  addCard(doc, { ...note(1, 5, 5), title: 'Mule', text: 'a', ref: { kind: 'task', id: card(7) } }, me);
  const same = { id: card(1), title: 'Mule', text: 'a', ref: { kind: 'task', id: card(7) } } as const;
  expect(updatesOf(doc, () => editCard(doc, same, me))).toBe(0);
  expect(updatesOf(doc, () => moveCards(doc, [{ id: card(1), x: 5.2, y: 4.9 }], me))).toBe(0);
  expect(updatesOf(doc, () => moveCards(doc, [{ id: card(1), x: 6, y: 5 }], me))).toBe(1);
});

test('[CB-5] writers refuse what is beyond the limits before anything is written', () => {
  const doc = fullBoard();
  const before = boardToJson(doc);
  const long = 'a'.repeat(boardLimits.text + 1);
  for (const act of [
    () => addCard(doc, { ...note(8), text: long }, me),
    () => editCard(doc, { id: card(1), title: long }, me),
    () => editCard(doc, { id: card(1), text: long }, me),
    () => editLink(doc, { id: link(1), label: long }, me),
    () => addFrame(doc, { id: frame(8), title: long, x: 0, y: 0, w: 100, h: 100 }, me),
  ]) {
    expect(act).toThrow(Refusal);
  }
  expect(boardToJson(doc)).toEqual(before);
});

test('[CB-5] editing, moving or linking what somebody deleted a moment ago does nothing', () => {
  const doc = fullBoard();
  const acts = () => {
    editCard(doc, { id: card(77), title: 'gone' }, me);
    moveCards(doc, [{ id: card(77), x: 1, y: 1 }], me);
    connect(doc, { id: link(77), from: card(1), to: card(77) }, me);
    connect(doc, { id: link(77), from: card(1), to: card(1) }, me);
    editLink(doc, { id: link(77), label: 'gone' }, me);
    moveFrame(doc, { id: frame(77), x: 1, y: 1 }, me);
  };
  expect(updatesOf(doc, acts)).toBe(0);
});

test('[CB-6] deleting a card takes its links along, in one change', () => {
  const doc = fullBoard();
  expect(updatesOf(doc, () => deleteCards(doc, [card(2)], me))).toBe(1);
  const left = readBoard(doc);
  expect([left.cards.map((one) => one.id), left.links]).toEqual([[card(1), card(3)], []]);
});

test('[CB-7] a frame moves with its cards, and its cards outlive it', () => {
  const doc = fullBoard();
  expect(updatesOf(doc, () => moveFrame(doc, { id: frame(1), x: 100, y: 50 }, me))).toBe(1);
  expect(readBoard(doc).cards.map(({ x, y }) => [x, y])).toEqual([
    [100, 50],
    [210, 70],
    [20, 20],
  ]);
  deleteFrames(doc, [frame(1)], me);
  expect(readBoard(doc).cards.map((one) => one.frame)).toEqual([null, null, null]);
  expect(readBoard(doc).frames).toEqual([]);
});

function fullBoard(): Y.Doc {
  const doc = new Y.Doc();
  addFrame(doc, { id: frame(1), title: 'Infrastructure · TH', x: 0, y: 0, w: 300, h: 200 }, me);
  addCard(doc, { ...note(1, 0, 0), frame: frame(1) }, me);
  addCard(doc, { ...note(2, 110, 20), frame: frame(1) }, me);
  addCard(doc, note(3, 20, 20), me);
  connect(doc, { id: link(1), from: card(1), to: card(2), label: 'hosts' }, me);
  return doc;
}
