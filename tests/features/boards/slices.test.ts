import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { encodeState, slicesOf } from '#server/features/boards/engine/checkpoints/slices.ts';
import { Chance } from '#tests/faults/support/chance.ts';

const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Several officers who write into the same texts, lists and maps, delete, and now and then hear of each other. */
function worked(chance: Chance, acts: number): Y.Doc {
  const docs = Array.from({ length: chance.int(1, 6) }, () => {
    const doc = new Y.Doc();
    doc.clientID = chance.int(1, 2 ** 32 - 1);
    return doc;
  });
  for (let n = 0; n < acts; n++) {
    act(chance.pick(docs), chance, n);
    if (chance.happens(0.3)) meet(chance.pick(docs), chance.pick(docs));
  }
  const [first] = docs as [Y.Doc];
  for (const doc of docs) meet(doc, first);
  return first;
}

function meet(from: Y.Doc, to: Y.Doc): void {
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)));
}

function act(doc: Y.Doc, chance: Chance, n: number): void {
  const [cards, text, list] = [
    doc.getMap<Y.Map<unknown>>('cards'),
    doc.getText('text'),
    doc.getArray('list'),
  ];
  const key = `card ${chance.int(0, 12)}`;
  const acts = [
    () =>
      cards.set(
        key,
        new Y.Map<unknown>([
          ['text', new Y.Text('Wallet')],
          ['x', n],
        ]),
      ),
    () => cards.delete(key),
    () => cards.get(key)?.set('x', n),
    () => (cards.get(key)?.get('text') as Y.Text | undefined)?.insert(0, `${n} `),
    () => text.insert(chance.int(0, text.length), `word ${n} `),
    () => text.length > 4 && text.delete(chance.int(0, text.length - 4), 3),
    () => list.insert(chance.int(0, list.length), [n, { n }]),
    () => list.length > 0 && list.delete(chance.int(0, list.length - 1), 1),
  ];
  chance.pick(acts)();
}

const jsonOf = (doc: Y.Doc) => [
  doc.getMap('cards').toJSON(),
  doc.getText('text').toJSON(),
  doc.getArray('list').toJSON(),
];

test(`[BD-23] a state comes in slices of which each stands on those before it, and is the same document (seed ${seed})`, () => {
  const chance = new Chance(seed);
  for (let round = 0; round < 150; round++) {
    const doc = worked(chance, chance.int(0, 200));
    const state = encodeState(doc, chance.int(1, 40));
    const read = new Y.Doc();
    for (const slice of slicesOf(state)) {
      Y.applyUpdateV2(read, slice);
      expect([round, read.store.pendingStructs, read.store.pendingDs]).toEqual([round, null, null]);
    }
    expect(Y.equalSnapshots(Y.snapshot(read), Y.snapshot(doc))).toBe(true);
    expect(jsonOf(read)).toEqual(jsonOf(doc));
  }
});

test('[BD-23] a state kept as one update is read as the one slice it is', () => {
  const doc = worked(new Chance(7), 50);
  const state = Y.encodeStateAsUpdateV2(doc);
  expect(slicesOf(state)).toEqual([state]);
});
