import { expect, test } from 'vitest';
import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';

import { foldActs } from '#client/features/boards/history/model/fold.ts';
import { linksThen } from '#client/features/boards/history/model/links-then.ts';
import { openPastDesk } from '#client/features/boards/history/model/past-desk.ts';
import { joinPages } from '#client/features/boards/history/use-history.ts';
import { intoView } from '#client/features/boards/model/place.ts';
import { BoardPresence, typingKey } from '#client/features/boards/model/presence.ts';
import { addCard, deleteCards, editCard, moveCards } from '#shared/board/card.ts';
import { connect } from '#shared/board/link.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import { BoardReplay } from '#shared/board/replay.ts';
import type { BoardAct } from '#shared/contracts/boards.ts';
import type { Person } from '#shared/contracts/common.ts';
import { asId } from '#shared/kernel/ids.ts';

import { card, link, me, note, officer } from '../../shared/board/support.ts';

const who = (name: string, country: string): Person => ({
  officer: asId(name.padEnd(32, '0')),
  name,
  handle: name,
  desk: `${country}-1`,
  country,
});
const tan = who('Tan Wei', 'SG');
const chanida = who('Chanida', 'TH');

/** Acts as the hub tells them, newest first; times are seconds into one hour. */
function told(acts: readonly { by: Person; at: number; act: (doc: Y.Doc) => void }[]): BoardAct[] {
  const doc = new Y.Doc();
  const replay = new BoardReplay();
  return acts
    .map(({ by, at, act }, seq) => {
      const before = Y.encodeStateVector(doc);
      doc.transact(() => act(doc));
      const { changes, sentences } = replay.apply(Y.encodeStateAsUpdate(doc, before));
      const minute = String(Math.floor(at / 60)).padStart(2, '0');
      const second = String(at % 60).padStart(2, '0');
      const time = `2026-11-23T21:${minute}:${second}.000Z`;
      return { seq, at: time, by, changes: [...changes], sentences: [...sentences] };
    })
    .reverse();
}

const titles = () => '';
const drag = (at: number, x: number, by = tan) => ({
  by,
  at,
  act: (doc: Y.Doc) => moveCards(doc, [{ id: card(1), x, y: 0 }], me),
});
const add = (at: number, title: string) => ({
  by: tan,
  at,
  act: (doc: Y.Doc) => addCard(doc, { ...note(1), title }, me),
});

test('[CB-23] what one officer does within a minute is one line, each thing told once from before to after', () => {
  const acts = told([
    add(0, 'Wallet'),
    drag(61, 10),
    drag(62, 20, chanida),
    drag(62, 30),
    drag(63, 40),
    { by: tan, at: 64, act: (doc) => editCard(doc, { id: card(1), text: 'Em' }, me) },
    { by: tan, at: 65, act: (doc) => editCard(doc, { id: card(1), text: 'Empty' }, me) },
    drag(121, 50),
  ]);
  const lines = foldActs(acts, titles, null);
  expect(lines.map((line) => [line.newest.seq, line.newest.by?.name, line.entries.size])).toEqual([
    [7, 'Tan Wei', 1],
    [6, 'Tan Wei', 5],
    [2, 'Chanida', 1],
    [0, 'Tan Wei', 1],
  ]);
  expect(lines[1]?.changes.map(({ sentence, before, after }) => [sentence, before, after])).toEqual([
    ['moved card “Wallet”', expect.objectContaining({ x: 0 }), expect.objectContaining({ x: 40 })],
    ['changed the text of card “Wallet” from nothing to “Empty”', '', 'Empty'],
  ]);
  expect(lines[1]?.steps.map(({ newest, count }) => [newest.seq, count])).toEqual([
    [6, 1],
    [5, 1],
    [4, 3],
  ]);
});

test('[CB-23] what is added and filled in within a minute was added so; what is changed back is not told', () => {
  const born = foldActs(
    told([add(0, ''), { by: tan, at: 5, act: (doc) => editCard(doc, { id: card(1), title: 'Wallet' }, me) }]),
    titles,
    null,
  );
  expect(born.map(({ changes }) => changes.map(({ sentence }) => sentence))).toEqual([
    ['added card “Wallet”'],
  ]);
  expect(born[0]?.changes[0]?.after).toMatchObject({ title: 'Wallet', kind: 'note' });
  const back = foldActs(told([add(0, 'A'), drag(60, 10), drag(61, 0)]), titles, null);
  expect(back[0]?.changes).toEqual([]);
  const gone = foldActs(
    told([add(0, 'A'), { by: tan, at: 1, act: (doc) => deleteCards(doc, [card(1)], me) }, add(2, 'B')]),
    titles,
    null,
  );
  expect(gone[0]?.changes.map(({ sentence }) => sentence)).toEqual([
    'added card “A”',
    'deleted card “A”',
    'added card “B”',
  ]);
});

test('[CB-23] newer acts join what is known only when nothing can lie between', () => {
  const [third, second, first] = told([add(0, 'A'), drag(60, 1), drag(61, 2)]);
  if (!first || !second || !third) throw new Error('three acts');
  const page = (acts: BoardAct[], more: boolean) => ({ asOf: 9, acts, more });
  const known = { pages: [{ ...page([first], false), asOf: 1 }], pageParams: [undefined] };
  expect(joinPages(known, page([third, second, first], false))).toEqual({
    pages: [page([third, second, first], false)],
    pageParams: [undefined],
  });
  expect(joinPages(known, page([third, second], true))).toBe(null);
});

test('[CB-24] a board as it stood reads as it did, damaged records included, and is nobody’s live document', () => {
  const doc = new Y.Doc();
  addCard(doc, { ...note(1), title: 'Wallet', text: 'words' }, me);
  addCard(doc, note(2), me);
  connect(doc, { id: link(1), from: card(1), to: card(2) }, me);
  doc.getMap('cards').set(card(3), 'rubbish');
  const then = boardToJson(doc);
  const { desk, close } = openPastDesk(then);
  expect(boardToJson(desk.editing.doc)).toEqual(then);
  expect([...desk.store.snapshot().damaged.values()]).toMatchObject([
    { id: card(3), reason: 'not-a-record' },
  ]);
  expect(desk.editing.canUndo).toBe(false);
  expect(linksThen(then, card(1))).toEqual(new Set([card(1), link(1)]));
  close();
});

test('[CB-25] who types where is said by name, and malformed word of it is passed over', () => {
  const awareness = new Awareness(new Y.Doc());
  const presence = new BoardPresence(awareness);
  const user = { officer, name: 'Chanida', country: 'TH' };
  const typing = { record: card(1), field: 'title' };
  awareness.states.set(1, { user, selection: [card(1)], typing });
  awareness.states.set(2, { user, typing: { record: 3 } });
  awareness.emit('change', [{ added: [1, 2], updated: [], removed: [] }, 'test']);
  expect([...presence.typists()].map(([key, { name }]) => [key, name])).toEqual([
    [typingKey(typing), 'Chanida'],
  ]);
  const held = presence.holders();
  awareness.states.set(1, { user, selection: [card(1)], typing, cursor: { x: 1, y: 1 } });
  awareness.emit('change', [{ added: [], updated: [1], removed: [] }, 'test']);
  expect(presence.holders()).toBe(held);
  awareness.states.set(1, { user, selection: [card(1)], typing: null });
  awareness.emit('change', [{ added: [], updated: [1], removed: [] }, 'test']);
  expect(presence.typists().size).toBe(0);
  presence.destroy();
});

test('a thing moves into view by the least way, its top left corner first', () => {
  const view = { left: 0, top: 0, right: 400, bottom: 300 };
  const covered = { left: 10, top: 50, right: 10, bottom: 60 };
  const at = (left: number, top: number, width: number, height: number) =>
    intoView({ left, top, right: left + width, bottom: top + height }, view, covered);
  expect(at(20, 60, 100, 100)).toEqual({ x: 0, y: 0 });
  expect(at(20, 200, 100, 100)).toEqual({ x: 0, y: -60 });
  expect(at(-30, 10, 100, 100)).toEqual({ x: 40, y: 40 });
  expect(at(20, 100, 500, 500)).toEqual({ x: -10, y: -50 });
});
