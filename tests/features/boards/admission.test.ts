import { expect, test } from 'vitest';
import * as Y from 'yjs';

import { LiveDocument, Poisoned } from '#server/features/boards/engine/live-document.ts';
import { scanUpdate } from '#server/features/boards/wire/scan-update.ts';
import { admitUpdate, type Verdict } from '#server/features/boards/wire/validate.ts';

const mine = () => true;

function judge(document: LiveDocument, update: Uint8Array, may: (client: number) => boolean = mine): Verdict {
  const scan = scanUpdate(update);
  if (scan === null) throw new Error('not an update');
  return admitUpdate(scan, document, may);
}

function holding(...updates: Uint8Array[]): LiveDocument {
  const document = new LiveDocument();
  document.follow(updates);
  return document;
}

/** Each change of `act` as its own update. */
function updatesOf(doc: Y.Doc, act: () => void): Uint8Array[] {
  const updates: Uint8Array[] = [];
  const keep = (update: Uint8Array) => updates.push(update);
  doc.on('update', keep);
  act();
  doc.off('update', keep);
  return updates;
}

test('[BD-12] a change that builds on what is not here is a gap: own clock, pointer or deletion', () => {
  const author = new Y.Doc();
  const text = new Y.Text();
  const [made, second] = updatesOf(author, () => {
    author.getMap('cards').set('text', text);
    text.insert(0, 'abc');
  });
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(author));
  const [pointing, deleting] = updatesOf(other, () => {
    (other.getMap('cards').get('text') as Y.Text).insert(2, 'X');
    (other.getMap('cards').get('text') as Y.Text).delete(0, 1);
  });
  if (!made || !second || !pointing || !deleting) throw new Error('four updates');
  const gap = { ok: false, code: 'update.gap' };
  expect(judge(holding(), second)).toEqual(gap);
  expect(judge(holding(made), second)).toEqual({ ok: true, adds: true, claims: [author.clientID] });
  expect(judge(holding(made), pointing)).toEqual(gap);
  expect(judge(holding(made), deleting)).toEqual(gap);
  expect(judge(holding(made, second), pointing)).toMatchObject({ ok: true, adds: true });
  expect(judge(holding(made, second), deleting)).toEqual({ ok: true, adds: true, claims: [] });
});

test('[BD-12] an update that says it leaves something out is a gap', () => {
  const doc = new Y.Doc();
  const updates = updatesOf(doc, () => {
    for (const key of ['a', 'b', 'c']) doc.getMap('cards').set(key, 1);
  });
  const [first, , third] = updates;
  if (!first || !third) throw new Error('three updates');
  expect(judge(holding(), Y.mergeUpdates([first, third]))).toEqual({ ok: false, code: 'update.gap' });
});

test('[BD-11] something new under a client id of somebody else is foreign, what is known already is nothing', () => {
  const doc = new Y.Doc();
  doc.getMap('cards').set('a', 1);
  const state = Y.encodeStateAsUpdate(doc);
  const notMine = () => false;
  expect(judge(holding(), state, notMine)).toEqual({ ok: false, code: 'update.foreign' });
  expect(judge(holding(state), state, notMine)).toEqual({ ok: true, adds: false, claims: [] });
});

test('[BD-10] only the roots of a board may be written, and `meta` only by the hub', () => {
  for (const [name, ok] of [
    ['cards', true],
    ['links', true],
    ['frames', true],
    ['meta', false],
    ['elsewhere', false],
    ['__proto__', false],
  ] as const) {
    const doc = new Y.Doc();
    doc.getMap(name).set('a', 1);
    expect([name, judge(holding(), Y.encodeStateAsUpdate(doc)).ok]).toEqual([name, ok]);
  }
});

test('[BD-10] a change of `meta` that does not name it is found after applying, and poisons the document', () => {
  const hub = new Y.Doc();
  hub.getMap('meta').set('schema', 1);
  const seed = Y.encodeStateAsUpdate(hub);
  const client = new Y.Doc();
  Y.applyUpdate(client, seed);
  const [overwrite] = updatesOf(client, () => client.getMap('meta').set('schema', 99));
  if (!overwrite) throw new Error('one update');
  const document = holding(seed);
  expect(judge(document, overwrite).ok).toBe(true);
  expect(() => document.change((apply) => apply(overwrite))).toThrow(Poisoned);
});

test('[BD-10] types nested beyond 32 levels poison the document', () => {
  const doc = new Y.Doc();
  let inner = doc.getMap<unknown>('cards');
  for (let depth = 0; depth < 40; depth++) {
    const next = new Y.Map<unknown>();
    inner.set('in', next);
    inner = next;
  }
  inner.set('end', 1);
  const document = holding();
  expect(() => document.change((apply) => apply(Y.encodeStateAsUpdate(doc)))).toThrow(Poisoned);
});

test('[BD-10] a forged run of deleted content cannot block a client id beyond the limit', () => {
  const forged = Uint8Array.from([1, 1, 7, 0, 0, 0x81, 0x80, 0x80, 0x08, 0]);
  expect(scanUpdate(forged)).toBeNull();
});

test('[BD-10] a deletion of what is deleted adds nothing', () => {
  const doc = new Y.Doc();
  doc.getMap('cards').set('a', 1);
  doc.getMap('cards').set('b', 2);
  doc.getMap('cards').delete('a');
  const state = Y.encodeStateAsUpdate(doc);
  expect(judge(holding(state), state)).toEqual({ ok: true, adds: false, claims: [] });
});
