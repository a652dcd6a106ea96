import fc from 'fast-check';
import { expect, test } from 'vitest';

import { base64, utf8 } from '#shared/kernel/encoding.ts';
import {
  checkConsistency,
  checkInclusion,
  proveConsistency,
  proveInclusion,
  readRoot,
} from '#shared/record/proof.ts';
import { leafHash } from '#shared/record/tree.ts';
import { grownTree, numberedLeaves } from './samples.ts';

const SMALL = 130;

const small = grownTree(numberedLeaves(SMALL));

test('[RC-8] every leaf of every tree up to 130 is proven', async () => {
  for (let size = 1; size <= SMALL; size++) {
    expect(await readRoot(small.reader, size)).toEqual(small.root(size));
    for (let index = 0; index < size; index++) {
      const proof = await proveInclusion(small.reader, index, size);
      const claim = { index, size, leaf: small.leaf(index), root: small.root(size) };
      if (!checkInclusion(claim, proof).ok) throw new Error(`leaf ${index} of ${size}`);
    }
  }
});

test('[RC-9] every tree up to 130 is proven to be the beginning of every later one', async () => {
  for (let to = 0; to <= SMALL; to++) {
    for (let from = 0; from <= to; from++) {
      const proof = await proveConsistency(small.reader, from, to);
      const claim = { from, to, fromRoot: small.root(from), toRoot: small.root(to) };
      if (!checkConsistency(claim, proof).ok) throw new Error(`${from} in ${to}`);
    }
  }
});

test('[RC-8] [RC-9] larger trees at random are proven, and no other leaf or root is', async () => {
  const large = grownTree(numberedLeaves(5000));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 2, max: 5000 }), fc.nat(), fc.nat(), async (size, a, b) => {
      const index = a % size;
      const proof = await proveInclusion(large.reader, index, size);
      const claim = { index, size, leaf: large.leaf(index), root: large.root(size) };
      expect(checkInclusion(claim, proof)).toEqual({ ok: true });
      const other = (index + 1) % size;
      expect(checkInclusion({ ...claim, leaf: large.leaf(other) }, proof).ok).toBe(false);
      expect(checkInclusion({ ...claim, index: other }, proof).ok).toBe(false);

      const from = 1 + (b % (size - 1));
      const path = await proveConsistency(large.reader, from, size);
      const trees = { from, to: size, fromRoot: large.root(from), toRoot: large.root(size) };
      expect(checkConsistency(trees, path)).toEqual({ ok: true });
      expect(checkConsistency({ ...trees, fromRoot: large.root(from - 1) }, path).ok).toBe(false);
      expect(checkConsistency({ ...trees, toRoot: large.root(size - 1) }, path).ok).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('[RC-8] [RC-9] a proof with a hash changed, missing or added is refused with its reason', async () => {
  const inclusion = await proveInclusion(small.reader, 37, 100);
  const claim = { index: 37, size: 100, leaf: small.leaf(37), root: small.root(100) };
  const consistency = await proveConsistency(small.reader, 37, 100);
  const trees = { from: 37, to: 100, fromRoot: small.root(37), toRoot: small.root(100) };
  for (const [check, proof] of [
    [(path: Uint8Array[]) => checkInclusion(claim, path), inclusion],
    [(path: Uint8Array[]) => checkConsistency(trees, path), consistency],
  ] as const) {
    for (const i of proof.keys()) {
      const changed = proof.map((hash, at) => (at === i ? leafHash(hash) : hash));
      expect(check(changed)).toEqual({ ok: false, reason: 'proof-root-mismatch' });
    }
    expect(check(proof.slice(0, -1))).toEqual({ ok: false, reason: 'proof-too-short' });
    expect(check([...proof, small.leaf(0)])).toEqual({ ok: false, reason: 'proof-too-long' });
    expect(check([...proof.slice(0, -1), utf8('short')])).toEqual({
      ok: false,
      reason: 'proof-malformed-hash',
    });
  }
  expect(checkInclusion({ ...claim, index: 100 }, inclusion)).toEqual({
    ok: false,
    reason: 'proof-outside-tree',
  });
  expect(checkConsistency({ ...trees, from: 101 }, [])).toEqual({ ok: false, reason: 'proof-outside-tree' });
});

test('[RC-9] trees of equal size, and the empty tree, are compared by root without hashes', () => {
  const [empty, one, two] = [small.root(0), small.root(1), small.root(2)];
  const check = (
    from: number,
    fromRoot: Uint8Array,
    to: number,
    toRoot: Uint8Array,
    proof: Uint8Array[] = [],
  ) => checkConsistency({ from, fromRoot, to, toRoot }, proof).ok;
  expect([check(2, two, 2, two), check(0, empty, 2, two), check(0, empty, 0, empty)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([check(2, one, 2, two), check(0, one, 2, two), check(0, one, 0, one)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(check(2, two, 2, two, [one])).toBe(false);
});

test('[RC-8] [RC-9] the published vector of five entries is reproduced', async () => {
  const five = grownTree(Array.from({ length: 5 }, (_, i) => leafHash(utf8(`{"v":1,"i":${i}}`))));
  expect(base64(five.root(5))).toBe('XRv6ePsMO7UUEmRIBmp6yDbFNIpxJmQfVrWlsoOgUe4=');
  const inclusion = [
    'jcsHl1Qam5Be5g/8q1UjzlUsCf//dnk+WsMifnNWCwM=',
    'dq6Gt71HHnadCATRfuP+5j5cxBC03Xn2zu8Noel59/s=',
    'yptg5m2oiywN7GBVKH5EqBoth+hZ7MfiWTbDz7h195Y=',
  ];
  expect((await proveInclusion(five.reader, 2, 5)).map(base64)).toEqual(inclusion);
  expect((await proveConsistency(five.reader, 3, 5)).map(base64)).toEqual([
    '0I97sIMiF+H7VZyA+5cyPvi/YmAbDinzrUnfhdhv+KU=',
    ...inclusion,
  ]);
});
