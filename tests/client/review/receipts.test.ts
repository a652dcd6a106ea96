import { expect, test } from 'vitest';

import {
  type Broken,
  type LedgerDeps,
  ReceiptLedger,
  TIMELY,
} from '#client/features/review/receipts/ledger.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { noteKey, signatureTypes, signerFromSeed } from '#shared/record/keys.ts';
import { proveMany } from '#shared/record/many-proof.ts';
import { type ReceiptLine, signReceipt } from '#shared/record/receipt.ts';
import { leafHash } from '#shared/record/tree.ts';
import { START, TestClock } from '#tests/record/support.ts';
import { grownTree, numberedLeaves } from '#tests/shared/record/samples.ts';

const ORIGIN = 'hub.example/op/0123456789abcdef0123456789abcdef';
const signer = signerFromSeed('hub.example/hub/receipt', new Uint8Array(32).fill(3));
const tree = grownTree(numberedLeaves(100));

/** A ledger over a record that shows `size` of its entries, and the promises made about it. */
function open(change: Partial<LedgerDeps> = {}) {
  const clock = new TestClock();
  const state = { size: 0, asked: 0 };
  const ledger = new ReceiptLedger({
    isOurs: (origin) => origin === ORIGIN,
    clock,
    certifiedKeys: async () => [noteKey(signer, signatureTypes.log)],
    async prove(places) {
      state.asked += 1;
      const { size } = state;
      const covered = places.filter((place) => place < size);
      const proof = covered.length === 0 ? [] : await proveMany(tree.reader, covered, size);
      const rest = { vkey: null, signedAt: null, consistency: [] };
      return { note: '', size, covered, proof: proof.map(base64), ...rest };
    },
    believe: ({ size }) => ({ origin: ORIGIN, size, root: tree.root(size) }),
    ...change,
  });
  const promise = (...entries: ReceiptLine[]) => {
    const note = signReceipt(signer, { origin: ORIGIN, at: START / 1000, entries });
    ledger.take(note);
    return note;
  };
  return { ledger, clock, state, promise };
}

const place = (index: number): ReceiptLine => ({ index, leaf: tree.leaf(index) });
const reasons = ({ broken }: { broken: readonly Broken[] }) => broken.map(({ reason }) => reason);

test('[RC-55] what a checkpoint covers as promised is forgotten, without a word', async () => {
  const { ledger, state, promise } = open();
  promise(place(3), place(4), place(70));
  promise(place(12));
  state.size = 20;
  await ledger.round();
  expect([ledger.pending, ledger.broken]).toEqual([1, []]);
  state.size = 100;
  await ledger.round();
  expect([ledger.pending, ledger.broken]).toEqual([0, []]);
  const before = state.asked;
  await ledger.round();
  expect(state.asked).toBe(before);
});

test('[RC-55] what is not covered after a minute is an alarm, and one that says nothing is none', async () => {
  const silent = open({ prove: () => Promise.reject(new Error('offline')) });
  silent.promise(place(5));
  silent.clock.advance(10 * TIMELY);
  await silent.ledger.round();
  expect([silent.ledger.pending, silent.ledger.broken]).toEqual([1, []]);

  const { ledger, clock, state, promise } = open();
  state.size = 50;
  await ledger.round();
  promise(place(10));
  const note = promise(place(60));
  await ledger.round();
  expect(ledger.broken).toEqual([]);
  let told = 0;
  ledger.onChange(() => {
    told += 1;
  });
  clock.advance(TIMELY - 1);
  await ledger.round();
  expect(ledger.broken).toEqual([]);
  clock.advance(1);
  await ledger.round();
  expect([ledger.broken, told, ledger.pending]).toEqual([[{ reason: 'not-covered', note }], 1, 0]);
});

test('[RC-55] what is covered late is no longer an alarm; what is then contradicted stays one', async () => {
  const { ledger, clock, state, promise } = open();
  state.size = 50;
  const whole = promise(place(60), place(70));
  const forged = promise({ index: 80, leaf: leafHash(tree.leaf(80)) });
  clock.advance(TIMELY);
  await ledger.round();
  const late = [whole, forged].map((note) => ({ reason: 'not-covered', note }));
  expect(ledger.broken).toEqual(late);
  state.size = 65;
  await ledger.round();
  expect(ledger.broken, 'one of its two places is still not covered').toEqual(late);
  let told = 0;
  ledger.onChange(() => {
    told += 1;
  });
  state.size = 100;
  for (let round = 0; round < 4; round++) await ledger.round();
  expect(ledger.broken).toEqual([{ reason: 'contradicted', note: forged }]);
  expect(told).toBeGreaterThan(0);
  const before = state.asked;
  await ledger.round();
  expect(state.asked).toBe(before);
});

test('[RC-55] another entry than the promised one is an alarm, and the others are still checked', async () => {
  const { ledger, state, promise } = open();
  for (let index = 0; index < 40; index++) if (index !== 17) promise(place(index));
  const note = promise({ index: 17, leaf: leafHash(tree.leaf(17)) });
  state.size = 100;
  for (let round = 0; round < 50; round++) await ledger.round();
  expect(ledger.broken).toEqual([{ reason: 'contradicted', note }]);
  expect(ledger.pending).toBe(0);
});

test('[RC-55] a checkpoint that is not believed covers nothing', async () => {
  const { ledger, clock, state, promise } = open({ believe: () => null });
  promise(place(1));
  state.size = 100;
  clock.advance(TIMELY);
  await ledger.round();
  expect(reasons(ledger)).toEqual(['not-covered']);
});

test('[RC-55] a receipt of no certified key is an alarm after a minute, one of another record is nothing', async () => {
  const { ledger, clock } = open();
  const forger = signerFromSeed('hub.example/hub/receipt', new Uint8Array(32).fill(4));
  const note = signReceipt(forger, { origin: ORIGIN, at: START / 1000, entries: [place(1)] });
  ledger.take(note);
  ledger.take(signReceipt(forger, { origin: 'hub.example/hub', at: START / 1000, entries: [place(1)] }));
  await ledger.round();
  expect([ledger.pending, ledger.broken]).toEqual([1, []]);
  clock.advance(TIMELY);
  await ledger.round();
  expect(ledger.broken).toEqual([{ reason: 'not-certified', note }]);
  ledger.take('no note at all');
  clock.advance(TIMELY);
  await ledger.round();
  expect(reasons(ledger)).toEqual(['not-certified', 'not-certified']);
});

test('[RC-55] no more than 2,000 places are kept, the newest', async () => {
  const asked: number[] = [];
  const { ledger, promise } = open({
    prove(places) {
      asked.push(...places);
      return Promise.reject(new Error('offline'));
    },
  });
  for (let from = 0; from < 2100; from += 700) {
    promise(...Array.from({ length: 700 }, (_, at) => ({ index: from + at, leaf: tree.leaf(0) })));
  }
  await ledger.round();
  expect([ledger.pending, asked[0]]).toEqual([2000, 100]);
});
