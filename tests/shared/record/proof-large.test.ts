import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';

import {
  checkConsistency,
  checkInclusion,
  type HashReader,
  proveConsistency,
  proveInclusion,
  readRoot,
} from '#shared/record/proof.ts';
import { Frontier } from '#shared/record/tree.ts';

const LEAVES = 1_000_000;
const SIZES = 200;
/** Of the sizes, leaves and earlier trees below; PROOF_SEED repeats a run. */
const seed = Number(process.env.PROOF_SEED ?? Math.floor(Math.random() * 2 ** 31));
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());

/** Whole numbers below `limit`, the same for the same seed (mulberry32). */
function chance(start: number): (limit: number) => number {
  let state = start >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** The hashes of each level side by side: 64 MB for the whole tree. */
const levels: Buffer[] = [];
const roots = new Map<number, Uint8Array>();
const reader: HashReader = {
  read: async (subtrees) =>
    subtrees.map(({ level, index }) => {
      const hash = levels[level]?.subarray(32 * index, 32 * index + 32);
      if (hash?.length !== 32) throw new Error(`no subtree ${level}/${index}`);
      return hash;
    }),
};
const leafAt = (index: number) => sha256(Buffer.from(`leaf ${index}`));
const rootAt = (size: number) => roots.get(size) ?? new Uint8Array();

const draw = chance(seed);
const sizes = Array.from({ length: SIZES }, () => 1 + draw(LEAVES)).sort((a, b) => a - b);
/** For each size, an earlier one that it contains. */
const earlier = sizes.map((size) => 1 + draw(size));

beforeAll(() => {
  process.stdout.write(`proofs of large trees: PROOF_SEED=${seed}\n`);
  const wanted = new Set([...sizes, ...earlier]);
  for (let level = 0; 2 ** level <= LEAVES; level++) {
    levels[level] = Buffer.alloc(32 * Math.floor(LEAVES / 2 ** level));
  }
  const tree = new Frontier(sha256);
  for (let index = 0; index < LEAVES; index++) {
    for (const { level, index: at, hash } of tree.append(leafAt(index))) levels[level]?.set(hash, 32 * at);
    if (wanted.has(tree.size)) roots.set(tree.size, tree.root());
  }
}, 120_000);

test('[RC-8] leaves of trees of random sizes up to 1,000,000 are proven, and no neighbour is', async () => {
  for (const size of sizes) {
    expect(Buffer.from(await readRoot(reader, size)).equals(rootAt(size)), `root at ${size}`).toBe(true);
    for (const index of [0, size - 1, draw(size), draw(size)]) {
      const proof = await proveInclusion(reader, index, size);
      const claim = { index, size, leaf: leafAt(index), root: rootAt(size) };
      expect(checkInclusion(claim, proof, sha256), `leaf ${index} of ${size}`).toEqual({ ok: true });
      expect(checkInclusion({ ...claim, leaf: leafAt(index + 1) }, proof, sha256).ok).toBe(false);
      if (size > 1)
        expect(checkInclusion({ ...claim, index: (index + 1) % size }, proof, sha256).ok).toBe(false);
    }
  }
}, 60_000);

test('[RC-9] trees of random sizes up to 1,000,000 are proven to begin with earlier ones', async () => {
  for (const [at, to] of sizes.entries()) {
    const from = earlier[at] ?? 1;
    const proof = await proveConsistency(reader, from, to);
    const claim = { from, to, fromRoot: rootAt(from), toRoot: rootAt(to) };
    expect(checkConsistency(claim, proof, sha256), `${from} in ${to}`).toEqual({ ok: true });
    const other = leafAt(0);
    expect(checkConsistency({ ...claim, fromRoot: other }, proof, sha256).ok).toBe(false);
    expect(checkConsistency({ ...claim, toRoot: other }, proof, sha256).ok).toBe(false);
  }
}, 60_000);
