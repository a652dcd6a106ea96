import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { addCard, deleteCards, editCard, moveCards } from '#shared/board/card.ts';
import { changesOf, sayChange } from '#shared/board/change.ts';
import { root } from '#shared/board/document.ts';
import { addFrame } from '#shared/board/frame.ts';
import { connect, deleteLinks } from '#shared/board/link.ts';
import { personColour, personColours } from '#shared/board/person-colour.ts';
import { partsOf, planRestore } from '#shared/board/plan-restore.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import { BoardReplay } from '#shared/board/replay.ts';
import { restoreBoard } from '#shared/board/restore.ts';

import { card, frame, link, me, note } from './support.ts';

function worked(): { doc: Y.Doc; then: ReturnType<typeof boardToJson> } {
  const doc = new Y.Doc();
  for (const n of [1, 2, 3]) addCard(doc, { ...note(n), title: `Card ${n}`, text: 'words' }, me);
  addFrame(doc, { id: frame(1), title: 'Seizures', x: 0, y: 0, w: 300, h: 200 }, me);
  connect(doc, { id: link(1), from: card(1), to: card(2) }, me);
  root(doc, 'cards').set('rubbish', 'then');
  root(doc, 'cards').set('bytes', new Y.Map([['title', new Uint8Array([1])]]));
  const then = boardToJson(doc);
  deleteCards(doc, [card(1)], me);
  editCard(doc, { id: card(2), title: 'Wrong', text: 'other words' }, me);
  addCard(doc, { ...note(4), title: 'Later' }, me);
  root(doc, 'cards').set('rubbish', 'now');
  root(doc, 'cards').set('newer-rubbish', 7);
  return { doc, then };
}

test('[CB-22] a restore does what its plan says and nothing else; what cannot be read stays as it lies', () => {
  const { doc, then } = worked();
  expect(planRestore(doc, then, 'all').map(({ what, record, name }) => [what, record, name])).toEqual([
    ['back', 'card', 'Card 1'],
    ['changed', 'card', 'Card 2'],
    ['deleted', 'card', 'Later'],
    ['back', 'link', ''],
  ]);
  restoreBoard(doc, then, 'all', me);
  expect(planRestore(doc, then, 'all')).toEqual([]);
  const cards = root(doc, 'cards');
  expect([cards.get('rubbish'), cards.get('newer-rubbish'), cards.has(card(4))]).toEqual(['now', 7, false]);
});

test('[CB-22] restored in parts, or one card with its link, a board comes to the same', () => {
  const { doc, then } = worked();
  const steps = planRestore(doc, then, 'all');
  const parts = partsOf(steps, 300);
  expect(parts.length).toBeGreaterThan(1);
  expect(parts.flatMap((part) => [...part])).toEqual(steps.map(({ id }) => id));
  for (const part of parts) restoreBoard(doc, then, part, me);
  expect(planRestore(doc, then, 'all')).toEqual([]);
  deleteCards(doc, [card(1)], me);
  restoreBoard(doc, then, new Set([card(1), link(1)]), me);
  expect(boardToJson(doc)).toMatchObject({ links: { [link(1)]: { from: card(1), to: card(2) } } });
});

test('[CB-21] an act names what it touched: malformed records, and the cards that a link joins', () => {
  const doc = new Y.Doc();
  const replay = new BoardReplay();
  const step = (act: () => void) => {
    const before = Y.encodeStateVector(doc);
    doc.transact(act);
    return replay.apply(Y.encodeStateAsUpdate(doc, before));
  };
  step(() => {
    for (const n of [1, 2]) addCard(doc, { ...note(n), title: `Card ${n}` }, me);
  });
  const linked = step(() => connect(doc, { id: link(1), from: card(1), to: card(2), label: 'paid' }, me));
  expect([linked.sentences, linked.touched]).toEqual([
    ['linked “Card 1” to “Card 2” as “paid”'],
    new Set([link(1), card(1), card(2)]),
  ]);
  const moved = step(() => moveCards(doc, [{ id: card(1), x: 9, y: 9 }], me));
  expect(moved.touched).toEqual(new Set([card(1)]));
  const damaged = step(() => root(doc, 'cards').set('x', 'rubbish'));
  expect([damaged.sentences, damaged.touched]).toEqual([['added a card'], new Set(['x'])]);
  const gone = step(() => deleteLinks(doc, [link(1)], me));
  expect(gone.sentences).toEqual(['deleted the link from “Card 1” to “Card 2”']);
});

test('[CB-21] what is no record is told as it lies there', () => {
  const [change] = changesOf('card', 'x', 'rubbish', { title: 'Wallet' });
  expect(change).toMatchObject({ what: 'edited', field: null, before: 'rubbish' });
  expect(change && sayChange(change, () => '')).toBe('changed card “Wallet” as a whole');
  expect(changesOf('card', 'x', 'a', 'a')).toEqual([]);
});

test('[CB-26] white reads on every officer’s colour, and an officer keeps theirs', () => {
  const light = (colour: string) => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  expect(personColours.filter((colour) => 1.05 / (light(colour) + 0.05) < 4.5)).toEqual([]);
  const darkGround = light('#171d24');
  expect(personColours.filter((colour) => (light(colour) + 0.05) / (darkGround + 0.05) < 2.2)).toEqual([]);
  expect(new Set(personColours).size).toBeGreaterThanOrEqual(16);
  const ids = Array.from({ length: 900 }, (_, n) => n.toString(16).padStart(32, '0'));
  const used = new Map<string, number>();
  for (const id of ids) used.set(personColour(id), (used.get(personColour(id)) ?? 0) + 1);
  expect([used.size, Math.max(...used.values()) < 100]).toEqual([personColours.length, true]);
});
