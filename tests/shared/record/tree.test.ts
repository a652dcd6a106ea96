import { expect, test } from 'vitest';

import { fromHex, hex } from '#shared/kernel/encoding.ts';
import {
  emptyRoot,
  Frontier,
  foldSubtrees,
  leafHash,
  subtreesCompletedBy,
  subtreesOf,
} from '#shared/record/tree.ts';
import { numberedLeaves, treeHash } from './samples.ts';

/** Leaves and roots of the Certificate Transparency test tree. */
const ctLeaves = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ctRoots: Record<number, string> = {
  0: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  1: '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  3: 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  8: '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
};

test('[RC-5] the published test tree has the published roots', () => {
  const frontier = new Frontier();
  const roots: Record<number, string> = { 0: hex(frontier.root()) };
  for (const leaf of ctLeaves) {
    frontier.append(leafHash(fromHex(leaf) ?? new Uint8Array()));
    if (frontier.size in ctRoots) roots[frontier.size] = hex(frontier.root());
  }
  expect(roots).toEqual(ctRoots);
  expect(hex(emptyRoot())).toBe(ctRoots[0]);
});

test('[RC-6] the frontier has the root of the definition at every size, also after a restart', () => {
  const leaves = numberedLeaves(300);
  let frontier = new Frontier();
  for (const [i, leaf] of leaves.entries()) {
    frontier.append(leaf);
    expect(frontier.root()).toEqual(treeHash(leaves.slice(0, i + 1)));
    const restored = Frontier.restore(frontier.size, frontier.hashes);
    if (restored === null) throw new Error('not restored');
    frontier = restored;
  }
  expect(frontier.hashes.length).toBe(4);
});

test('[RC-6] a frontier is not restored from the wrong number or length of hashes', () => {
  const [a, b] = numberedLeaves(2);
  if (!a || !b) throw new Error('no leaves');
  expect(Frontier.restore(2, [a, b])).toBeNull();
  expect(Frontier.restore(3, [a])).toBeNull();
  expect(Frontier.restore(1, [a.subarray(1)])).toBeNull();
  expect(Frontier.restore(-1, [])).toBeNull();
});

test('[RC-7] appending a leaf completes exactly the subtrees named for it, once each', () => {
  const leaves = numberedLeaves(130);
  const frontier = new Frontier();
  const seen = new Set<string>();
  for (const [i, leaf] of leaves.entries()) {
    const completed = frontier.append(leaf);
    expect(completed.map(({ level, index }) => ({ level, index }))).toEqual(subtreesCompletedBy(i));
    for (const { level, index, hash } of completed) {
      expect(hash).toEqual(treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)));
      expect(seen.has(`${level}/${index}`)).toBe(false);
      seen.add(`${level}/${index}`);
    }
    expect(subtreesOf(0, i + 1).every(({ level, index }) => seen.has(`${level}/${index}`))).toBe(true);
  }
});

test('[RC-7] the complete subtrees of a range fold to its hash', () => {
  const leaves = numberedLeaves(64);
  const hashes = subtreesOf(32, 57).map(({ level, index }) =>
    treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
  );
  expect(foldSubtrees(hashes)).toEqual(treeHash(leaves.slice(32, 57)));
});
