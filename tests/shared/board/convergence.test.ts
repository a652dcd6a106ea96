import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { addCard, deleteCards, editCard, moveCards } from '#shared/board/card.ts';
import { root } from '#shared/board/document.ts';
import { addFrame, deleteFrames, moveFrame } from '#shared/board/frame.ts';
import { connect, deleteLinks } from '#shared/board/link.ts';
import { boardToJson, readBoard } from '#shared/board/read-board.ts';
import { shiftCaret, textEdit } from '#shared/board/text-edit.ts';
import { canonicalJson } from '#shared/kernel/canonical-json.ts';

import { card, exchange, frame, link, me, note } from './support.ts';

const n = fc.nat(5);
const place = fc.integer({ min: -500, max: 500 });
const act = fc.oneof(
  fc.record({ do: fc.constant('add' as const), n, place }),
  fc.record({ do: fc.constant('move' as const), n, place }),
  fc.record({ do: fc.constant('type' as const), n, words: fc.string({ unit: 'grapheme' }) }),
  fc.record({ do: fc.constant('delete' as const), n }),
  fc.record({ do: fc.constant('link' as const), n, to: n }),
  fc.record({ do: fc.constant('frame' as const), n, place }),
  fc.record({ do: fc.constant('unframe' as const), n }),
  fc.record({ do: fc.constant('undo' as const) }),
  fc.record({ do: fc.constant('exchange' as const) }),
);
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

test('[CB-8] replicas that exchanged everything are equal as canonical JSON, whatever was done in between', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(2), act), { maxLength: 60 }), (acts) => {
      const docs = [0, 1, 2].map(() => new Y.Doc());
      const desks = docs.map((doc) => ({ doc, undo: undoOf(doc) }));
      for (const [who, one] of acts) {
        const desk = desks[who];
        if (one.do === 'exchange') exchange(...docs);
        else if (desk) perform(desk.doc, desk.undo, one);
      }
      exchange(...docs);
      const [first, ...others] = docs.map((doc) => canonicalJson(boardToJson(doc)));
      for (const other of others) expect(other).toBe(first);
      for (const doc of docs) expect(readBoard(doc).damaged).toEqual([]);
      for (const desk of desks) desk.undo.destroy();
    }),
    { numRuns: 150 },
  );
});

test('[CB-8] malformed content has a canonical form too', () => {
  const doc = new Y.Doc();
  const cards = root(doc, 'cards');
  cards.set('__proto__', { b: 1, a: [Number.NaN, undefined, new Uint8Array([1])] });
  cards.set('big', 1n);
  cards.set('xml', new Y.XmlElement('p'));
  let deep = new Y.Map<unknown>();
  cards.set('deep', deep);
  for (let level = 0; level < 200; level++) {
    const next = new Y.Map<unknown>();
    deep.set('n', next);
    deep = next;
  }
  const replica = new Y.Doc();
  exchange(doc, replica);
  expect(canonicalJson(boardToJson(replica))).toBe(canonicalJson(boardToJson(doc)));
  expect(readBoard(doc).damaged).toHaveLength(4);
});

test('[CB-5] the written difference always gives the wanted text and never cuts a character', () => {
  const words = fc
    .array(fc.constantFrom('a', 'b', '😀', '😁', '的', 'รั'), { maxLength: 12 })
    .map((w) => w.join(''));
  fc.assert(
    fc.property(words, words, fc.option(fc.nat(20), { nil: undefined }), (before, after, caret) => {
      const edit = textEdit(before, after, caret);
      if (!edit) {
        expect(before).toBe(after);
        return;
      }
      expect(before.slice(0, edit.at) + edit.insert + before.slice(edit.at + edit.remove)).toBe(after);
      expect(edit.insert.isWellFormed()).toBe(true);
      expect(before.slice(edit.at, edit.at + edit.remove).isWellFormed()).toBe(true);
    }),
  );
});

test('[CB-5] among equal letters the difference lies before the caret, and the caret moves with others’ edits', () => {
  expect(textEdit('aaa', 'aaaa', 1)).toEqual({ at: 0, remove: 0, insert: 'a' });
  expect(textEdit('aaa', 'aaaa')).toEqual({ at: 3, remove: 0, insert: 'a' });
  expect(textEdit('same', 'same')).toBeNull();
  expect(shiftCaret(3, { at: 5, remove: 1, insert: 'xx' })).toBe(3);
  expect(shiftCaret(7, { at: 5, remove: 1, insert: 'xx' })).toBe(8);
  expect(shiftCaret(6, { at: 5, remove: 4, insert: 'x' })).toBe(6);
});

function undoOf(doc: Y.Doc): Y.UndoManager {
  return new Y.UndoManager([root(doc, 'cards'), root(doc, 'links'), root(doc, 'frames')], {
    trackedOrigins: new Set([me]),
    captureTimeout: 0,
  });
}

function perform(doc: Y.Doc, undo: Y.UndoManager, one: Exclude<Act, { do: 'exchange' }>): void {
  if (one.do === 'undo') undo.undo();
  else if (one.do === 'add') addCard(doc, { ...note(one.n, one.place, 0), frame: frame(one.n) }, me);
  else if (one.do === 'move') moveCards(doc, [{ id: card(one.n), x: one.place, y: 1 }], me);
  else if (one.do === 'type') editCard(doc, { id: card(one.n), text: one.words }, me);
  else if (one.do === 'delete') deleteCards(doc, [card(one.n)], me);
  else if (one.do === 'link') connect(doc, { id: link(one.n), from: card(one.n), to: card(one.to) }, me);
  else if (one.do === 'unframe') deleteFrames(doc, [frame(one.n)], me);
  else {
    addFrame(doc, { id: frame(one.n), title: 'f', x: 0, y: 0, w: 100, h: 100 }, me);
    moveFrame(doc, { id: frame(one.n), x: one.place, y: one.place }, me);
    deleteLinks(doc, [link(one.n)], me);
  }
}
