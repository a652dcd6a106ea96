import fc from 'fast-check';
import { expect, test } from 'vitest';

import { checkMany, proveMany } from '#shared/record/many-proof.ts';
import { proveInclusion } from '#shared/record/proof.ts';
import { leafHash } from '#shared/record/tree.ts';

import { grownTree, numberedLeaves } from './samples.ts';

const SMALL = 130;
const small = grownTree(numberedLeaves(SMALL));
const placed = (places: readonly number[]) => places.map((index) => ({ index, leaf: small.leaf(index) }));

test('[RC-52] one, all and every second leaf of every tree up to 130 are proven at once', async () => {
  for (let size = 1; size <= SMALL; size++) {
    const all = Array.from({ length: size }, (_, at) => at);
    for (const places of [[0], [size - 1], [Math.floor(size / 2)], all, all.filter((at) => at % 2 === 1)]) {
      if (places.length === 0) continue;
      const proof = await proveMany(small.reader, places, size);
      const claim = { size, root: small.root(size), leaves: placed(places) };
      expect(checkMany(claim, proof)).toEqual({ ok: true });
      if (places.length === size) expect(proof).toEqual([]);
      if (places.length > 1) continue;
      const path = await proveInclusion(small.reader, places[0] ?? 0, size);
      expect(new Set(proof.map(String))).toEqual(new Set(path.map(String)));
    }
  }
});

test('[RC-52] any leaves of any tree are proven, and no other leaf, place, root or hash is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: SMALL }),
      fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      async (size, picked, which) => {
        const places = [...new Set(picked.map((at) => at % size))].sort((a, b) => a - b);
        const proof = await proveMany(small.reader, places, size);
        const leaves = placed(places);
        const claim = { size, root: small.root(size), leaves };
        expect(checkMany(claim, proof)).toEqual({ ok: true });
        const at = which % places.length;
        const other = leaves.map((one, index) => (index === at ? { ...one, leaf: leafHash(one.leaf) } : one));
        expect(checkMany({ ...claim, leaves: other }, proof).ok).toBe(false);
        expect(checkMany({ ...claim, root: small.root(size - 1) }, proof).ok).toBe(false);
        expect(checkMany(claim, [...proof, small.leaf(0)])).toEqual({ ok: false, reason: 'proof-too-long' });
        if (proof.length === 0) return;
        expect(checkMany(claim, proof.slice(1))).toEqual({ ok: false, reason: 'proof-too-short' });
        const bad = proof.map((hash, index) => (index === which % proof.length ? leafHash(hash) : hash));
        expect(checkMany(claim, bad)).toEqual({ ok: false, reason: 'proof-root-mismatch' });
      },
    ),
    { numRuns: 300 },
  );
});

test('[RC-52] places that do not rise or lie outside the tree are no claim', async () => {
  const root = small.root(10);
  for (const places of [[], [3, 3], [4, 2], [10], [-1], [0.5]]) {
    await expect(proveMany(small.reader, places, 10)).rejects.toThrow('no such leaves');
    const leaves = places.map((index) => ({ index, leaf: small.leaf(0) }));
    expect(checkMany({ size: 10, root, leaves }, [])).toEqual({ ok: false, reason: 'proof-outside-tree' });
  }
});
