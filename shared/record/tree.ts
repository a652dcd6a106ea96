import { invariant } from '#shared/kernel/failures.ts';
import { HASH_LENGTH, type Sha256, sha256 } from './hash.ts';

/** A complete subtree: MTH(D[index * 2^level : (index + 1) * 2^level]). Level 0 is the leaf hashes. */
export type Subtree = { readonly level: number; readonly index: number };
export type HashedSubtree = Subtree & { readonly hash: Uint8Array };

/** SHA-256(0x00 || entry), RFC 6962 section 2.1. */
export function leafHash(entry: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return hash(input);
}

/** SHA-256(0x01 || left || right), RFC 6962 section 2.1. */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_LENGTH);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_LENGTH);
  return hash(input);
}

/** Root of the record without entries: SHA-256 of nothing. */
export function emptyRoot(hash: Sha256 = sha256): Uint8Array {
  return hash(new Uint8Array(0));
}

/** The subtrees that become complete with leaf `index`, smallest first: each is written once and never changes. [RC-7] */
export function subtreesCompletedBy(index: number): Subtree[] {
  const completed: Subtree[] = [{ level: 0, index }];
  for (let level = 1, at = index; at % 2 === 1; level++) {
    at = (at - 1) / 2;
    completed.push({ level, index: at });
  }
  return completed;
}

/** The complete subtrees that make up D[start : end] from left to right; `start` is 0 or the start of a subtree that holds it all. */
export function subtreesOf(start: number, end: number): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++;
    subtrees.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return subtrees;
}

/** Root of hashes that stand left to right in falling size, as `subtreesOf` and `Frontier.hashes` give them. */
export function foldSubtrees(hashes: readonly Uint8Array[], hash: Sha256 = sha256): Uint8Array {
  let root = hashes.at(-1);
  if (root === undefined) return emptyRoot(hash);
  for (const left of hashes.slice(0, -1).reverse()) root = nodeHash(left, root, hash);
  return root;
}

/**
 * The right edge of a growing tree: at most one hash a level, whatever the size. Not safe to share between writers:
 * its owner is the sequencer or one verification. [RC-6]
 */
export class Frontier {
  #size = 0;
  #hashes: Uint8Array[] = [];
  readonly #hash: Sha256;

  constructor(hash: Sha256 = sha256) {
    this.#hash = hash;
  }

  /** Continues a tree of `size` leaves from what `hashes` gave; null when the count or a length cannot be right. */
  static restore(size: number, hashes: readonly Uint8Array[], hash: Sha256 = sha256): Frontier | null {
    if (!Number.isSafeInteger(size) || size < 0) return null;
    if (hashes.length !== subtreesOf(0, size).length) return null;
    if (hashes.some((each) => each.length !== HASH_LENGTH)) return null;
    const frontier = new Frontier(hash);
    frontier.#size = size;
    frontier.#hashes = [...hashes];
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  /** Hashes of `subtreesOf(0, size)`: all that has to be kept to go on. */
  get hashes(): readonly Uint8Array[] {
    return [...this.#hashes];
  }

  /** Adds the next leaf and gives the subtrees it completed, the leaf first, in the order of `subtreesCompletedBy`. */
  append(leaf: Uint8Array): HashedSubtree[] {
    invariant(leaf.length === HASH_LENGTH, 'a leaf hash is 32 bytes');
    let hash = leaf;
    const completed = [{ level: 0, index: this.#size, hash }];
    for (let level = 1, at = this.#size; at % 2 === 1; level++) {
      const left = this.#hashes.pop();
      invariant(left, 'the frontier lost a hash');
      at = (at - 1) / 2;
      hash = nodeHash(left, hash, this.#hash);
      completed.push({ level, index: at, hash });
    }
    this.#hashes.push(hash);
    this.#size += 1;
    return completed;
  }

  root(): Uint8Array {
    return foldSubtrees(this.#hashes, this.#hash);
  }
}
