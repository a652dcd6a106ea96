import { expect, test } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

import { BoardStore } from '#client/features/boards/model/board-store.ts';
import { BoardEditing } from '#client/features/boards/model/editing.ts';
import { readIndicatorDrop } from '#client/features/boards/model/indicator-drop.ts';
import { around, frameAt, readingOrder } from '#client/features/boards/model/place.ts';
import { BoardPresence } from '#client/features/boards/model/presence.ts';
import { Throttle } from '#client/features/boards/model/throttle.ts';
import { addCard, editCard, moveCards } from '#shared/board/card.ts';
import { root } from '#shared/board/document.ts';
import { addFrame } from '#shared/board/frame.ts';
import { readBoard } from '#shared/board/read-board.ts';
import { rebased, textEdit } from '#shared/board/text-edit.ts';

import { FakeClock } from '#tests/support/clock.ts';

import { card, exchange, frame, me, note, officer } from '../../shared/board/support.ts';

test('[CB-5] what was typed over an older text keeps what others typed meanwhile', () => {
  const rebase = (base: string, mine: string, theirs: string) => {
    const typed = textEdit(base, mine);
    return typed && rebased(typed, textEdit(base, theirs), theirs);
  };
  expect(rebase('pay', 'pay weekly', 'job, pay')).toEqual({ text: 'job, pay weekly', caret: 15 });
  expect(rebase('job pay', 'job advert pay', 'job pay!')).toEqual({ text: 'job advert pay!', caret: 11 });
  expect(rebase('old', 'new', 'old')).toEqual({ text: 'new', caret: 3 });
  expect(rebase('a cat b', 'a dog b', 'a hen b')).toEqual({ text: 'a hendog b', caret: 8 });
});

test('[CB-15] a throttled act runs at once, then once a period with the newest, and not after it is called off', () => {
  const clock = new FakeClock();
  const throttle = new Throttle(clock, 100);
  const ran: number[] = [];
  for (let n = 0; n < 5; n++) throttle.run(() => ran.push(n));
  expect(ran).toEqual([0]);
  clock.advance(100);
  expect(ran).toEqual([0, 4]);
  throttle.run(() => ran.push(5));
  throttle.cancel();
  clock.advance(500);
  expect(ran).toEqual([0, 4]);
  throttle.run(() => ran.push(6));
  expect(ran).toEqual([0, 4, 6]);
});

test('[CB-16] undo takes back a whole gesture of one’s own and nothing of others', () => {
  const [mine, theirs] = [new Y.Doc(), new Y.Doc()];
  addCard(mine, { ...note(1), text: 'words' }, me);
  exchange(mine, theirs);
  const editing = new BoardEditing(mine);
  for (const x of [10, 20, 30]) {
    editing.act('drag-1', (doc, by) => moveCards(doc, [{ id: card(1), x, y: 0 }], by));
  }
  editing.act('text-1', (doc, by) => editCard(doc, { id: card(1), text: 'my words' }, by));
  editCard(theirs, { id: card(1), text: 'words of theirs' }, me);
  exchange(mine, theirs);
  const shown = () => readBoard(mine).cards.map(({ x, text }) => [x, text]);
  expect(shown()).toEqual([[30, 'my words of theirs']]);
  editing.undo();
  expect(shown()).toEqual([[30, 'words of theirs']]);
  editing.undo();
  expect([shown(), editing.canUndo]).toEqual([[[0, 'words of theirs']], false]);
  editing.redo();
  expect([shown(), editing.canRedo]).toEqual([[[30, 'words of theirs']], true]);
  editing.destroy();
});

test('[CB-17] others are shown by the hub’s word, and rubbish is not', () => {
  const awareness = new Awareness(new Y.Doc());
  const presence = new BoardPresence(awareness);
  const user = { officer, name: 'Sari', country: 'ID' };
  const states: [number, Record<string, unknown>][] = [
    [1, { user, cursor: { x: 3, y: 4 }, selection: [card(1), 7] }],
    [2, { user, cursor: { x: Number.NaN, y: 4 }, selection: 'all' }],
    [3, { cursor: { x: 1, y: 1 } }],
    [4, { user: 'Sari' }],
  ];
  for (const [client, state] of states) awareness.states.set(client, state);
  awareness.emit('change', [{ added: [1, 2, 3, 4], updated: [], removed: [] }, 'hub']);
  const other = { name: 'Sari', country: 'ID', typing: null, colour: expect.stringMatching(/^#/) };
  expect(presence.others()).toEqual([
    { ...other, client: 1, cursor: { x: 3, y: 4 }, selection: [card(1)] },
    { ...other, client: 2, cursor: null, selection: [] },
  ]);
  const holders = presence.holders();
  expect([...holders].map(([id, one]) => [id, one.client])).toEqual([[card(1), 1]]);
  presence.say({ cursor: { x: 1, y: 2 } });
  expect(presence.holders()).toBe(holders);
  presence.destroy();
  awareness.destroy();
});

test('[CB-18] only an indicator’s id, title and marking are taken from a drag', () => {
  const good = { id: 'a'.repeat(32), title: 'bad[.]example', tlp: 'GREEN' };
  expect(readIndicatorDrop(JSON.stringify({ ...good, more: 1 }))).toEqual(good);
  for (const rubbish of ['', '[', 'null', '{}', '{"id":"x","title":"t","tlp":"GREEN"}']) {
    expect(readIndicatorDrop(rubbish)).toBeNull();
  }
  expect(readIndicatorDrop(JSON.stringify({ ...good, tlp: 'PINK' }))).toBeNull();
});

test('[CB-19] a change leaves every other record the object it was', () => {
  const doc = new Y.Doc();
  addCard(doc, note(1), me);
  addCard(doc, note(2), me);
  const store = new BoardStore(doc);
  const before = store.snapshot();
  editCard(doc, { id: card(1), text: 'new' }, me);
  root(doc, 'links').set('junk', 1);
  const after = store.snapshot();
  expect(after.cards.get(card(1))).toMatchObject({ text: 'new' });
  expect(after.cards.get(card(2))).toBe(before.cards.get(card(2)));
  expect([...after.damaged.keys()]).toEqual(['links/junk']);
  root(doc, 'links').delete('junk');
  root(doc, 'cards').delete(card(1));
  expect([store.snapshot().damaged.size, [...store.snapshot().cards.keys()]]).toEqual([0, [card(2)]]);
  store.destroy();
});

test('[CB-7] the frame of a dropped card is the smallest around its centre', () => {
  const doc = new Y.Doc();
  addFrame(doc, { id: frame(1), title: 'wide', x: 0, y: 0, w: 900, h: 900 }, me);
  addFrame(doc, { id: frame(2), title: 'narrow', x: 100, y: 100, w: 200, h: 200 }, me);
  const { frames } = readBoard(doc);
  expect(frameAt(frames, { x: 150, y: 150 })?.title).toBe('narrow');
  expect(frameAt(frames, { x: 500, y: 500 })?.title).toBe('wide');
  expect(frameAt(frames, { x: 950, y: 500 })).toBeNull();
  expect(around([{ x: 20, y: 28, width: 100, height: 50 }])).toEqual({ x: 0, y: 0, w: 140, h: 98 });
  const order = readingOrder([
    { x: 500, y: 5 },
    { x: 0, y: 200 },
    { x: 10, y: 30 },
  ]);
  expect(order.map(({ x }) => x)).toEqual([10, 500, 0]);
});
