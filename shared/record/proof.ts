import { equalBytes } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { HASH_LENGTH, type Sha256, sha256 } from './hash.ts';
import { emptyRoot, foldSubtrees, nodeHash, type Subtree, subtreesOf } from './tree.ts';

/** Where the hashes of complete subtrees are kept. Gives one hash for each one asked, in that order, or rejects. */
export interface HashReader {
  read(subtrees: readonly Subtree[]): Promise<readonly Uint8Array[]>;
}

export type ProofOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: ProofFault };
export type ProofFault =
  | 'proof-outside-tree'
  | 'proof-too-short'
  | 'proof-too-long'
  | 'proof-malformed-hash'
  | 'proof-root-mismatch';

type Range = readonly [start: number, end: number];

/** Audit path of leaf `index` in the tree of `size` leaves, leaf to root (RFC 6962 section 2.1.1). [RC-8] */
export async function proveInclusion(reader: HashReader, index: number, size: number): Promise<Uint8Array[]> {
  invariant(isPlace(index, size), 'no such leaf in that tree');
  const ranges: Range[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    ranges.push(index < middle ? [middle, end] : [start, middle]);
    [start, end] = index < middle ? [start, middle] : [middle, end];
  }
  return readRanges(reader, ranges.reverse());
}

/** Proof that the tree of `from` leaves is the beginning of the one of `to` leaves (RFC 6962 section 2.1.2). [RC-9] */
export async function proveConsistency(reader: HashReader, from: number, to: number): Promise<Uint8Array[]> {
  invariant(
    Number.isSafeInteger(to) && Number.isSafeInteger(from) && from >= 0 && from <= to,
    'no such trees',
  );
  if (from === 0 || from === to) return [];
  const ranges: Range[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    ranges.push(from <= middle ? [middle, end] : [start, middle]);
    [start, end] = from <= middle ? [start, middle] : [middle, end];
  }
  if (start > 0) ranges.push([start, end]);
  return readRanges(reader, ranges.reverse());
}

/** Root of the first `size` leaves, from stored subtrees. */
export async function readRoot(reader: HashReader, size: number): Promise<Uint8Array> {
  if (size === 0) return emptyRoot();
  return foldSubtrees(await reader.read(subtreesOf(0, size)));
}

/** RFC 9162 section 2.1.3.2. [RC-8] */
export function checkInclusion(
  claim: {
    readonly index: number;
    readonly size: number;
    readonly leaf: Uint8Array;
    readonly root: Uint8Array;
  },
  proof: readonly Uint8Array[],
  hash: Sha256 = sha256,
): ProofOutcome {
  if (!isPlace(claim.index, claim.size)) return failed('proof-outside-tree');
  if ([claim.leaf, claim.root, ...proof].some(isMalformed)) return failed('proof-malformed-hash');
  let [fn, sn, r] = [claim.index, claim.size - 1, claim.leaf];
  for (const p of proof) {
    if (sn === 0) return failed('proof-too-long');
    if (isOdd(fn) || fn === sn) {
      r = nodeHash(p, r, hash);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      r = nodeHash(r, p, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) return failed('proof-too-short');
  return equalBytes(r, claim.root) ? { ok: true } : failed('proof-root-mismatch');
}

/** RFC 9162 section 2.1.4.2, with the trees of size 0 and equal size decided without hashes. [RC-9] */
export function checkConsistency(
  claim: {
    readonly from: number;
    readonly fromRoot: Uint8Array;
    readonly to: number;
    readonly toRoot: Uint8Array;
  },
  proof: readonly Uint8Array[],
  hash: Sha256 = sha256,
): ProofOutcome {
  const { from, fromRoot, to, toRoot } = claim;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || from > to) {
    return failed('proof-outside-tree');
  }
  if ([fromRoot, toRoot, ...proof].some(isMalformed)) return failed('proof-malformed-hash');
  if (from === 0 || from === to) {
    if (proof.length > 0) return failed('proof-too-long');
    const expected = from === to ? toRoot : emptyRoot(hash);
    const empty = to === 0 && !equalBytes(toRoot, emptyRoot(hash));
    return equalBytes(fromRoot, expected) && !empty ? { ok: true } : failed('proof-root-mismatch');
  }
  return foldConsistency(claim, isPowerOfTwo(from) ? [fromRoot, ...proof] : proof, hash);
}

function foldConsistency(
  claim: {
    readonly from: number;
    readonly fromRoot: Uint8Array;
    readonly to: number;
    readonly toRoot: Uint8Array;
  },
  path: readonly Uint8Array[],
  hash: Sha256,
): ProofOutcome {
  const [first, ...rest] = path;
  if (first === undefined) return failed('proof-too-short');
  let [fn, sn] = [claim.from - 1, claim.to - 1];
  while (isOdd(fn)) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [first, first];
  for (const c of rest) {
    if (sn === 0) return failed('proof-too-long');
    if (isOdd(fn) || fn === sn) {
      fr = nodeHash(c, fr, hash);
      sr = nodeHash(c, sr, hash);
      while (!isOdd(fn) && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, c, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  if (sn !== 0) return failed('proof-too-short');
  const holds = equalBytes(fr, claim.fromRoot) && equalBytes(sr, claim.toRoot);
  return holds ? { ok: true } : failed('proof-root-mismatch');
}

/** One read for the whole proof; ranges on the right edge are folded from the complete subtrees they consist of. */
async function readRanges(reader: HashReader, ranges: readonly Range[]): Promise<Uint8Array[]> {
  const parts = ranges.map(([start, end]) => subtreesOf(start, end));
  const hashes = await reader.read(parts.flat());
  let at = 0;
  return parts.map((part) => {
    const held = hashes.slice(at, at + part.length);
    invariant(held.length === part.length, 'the reader gave too few hashes');
    at += part.length;
    return foldSubtrees(held);
  });
}

/** The largest power of two smaller than `size`, at least 1. */
export function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}

function isPowerOfTwo(value: number): boolean {
  return splitOf(value * 2) === value;
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isMalformed(hash: Uint8Array): boolean {
  return hash.length !== HASH_LENGTH;
}

function failed(reason: ProofFault): ProofOutcome {
  return { ok: false, reason };
}
