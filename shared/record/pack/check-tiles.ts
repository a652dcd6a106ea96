import { equalBytes } from '#shared/kernel/encoding.ts';

import type { Checkpoint } from '../checkpoint.ts';
import { HASH_LENGTH, type Sha256 } from '../hash.ts';
import { TILE_WIDTH, type Tile, tilesOf } from '../tiles.ts';
import { Frontier } from '../tree.ts';
import { placeOf, places, tilePlace } from './layout.ts';
import { type Bad, bad, type OpenPack } from './open-pack.ts';

/** Levels of the tree between two levels of tiles. */
const HEIGHT = 8;

/** The tree of the whole record: exactly the tiles its size gives, level above level up to the signed root. [RC-74] */
export function checkTiles(
  pack: OpenPack,
  { size, root }: Checkpoint,
  hash: Sha256,
): { readonly leaves: Uint8Array } | Bad {
  const wanted = new Map([...tilesOf(size)].map((tile) => [tilePlace(tile), tile]));
  for (const { name } of pack.data) {
    const placed = placeOf(name);
    if (placed?.kind !== 'tile') continue;
    const fits = placed.tile.level === 'entries' ? isBundleOf(size, placed.tile) : wanted.has(name);
    if (!fits) return bad('tile-not-expected', name);
  }
  const leaves = new Uint8Array(size * HASH_LENGTH);
  for (const [name, { level, index, width }] of wanted) {
    const bytes = pack.read(name);
    if (bytes === null) return bad('tile-missing', name);
    if (bytes.length !== width * HASH_LENGTH) return bad('tile-differs', name);
    if (level === 0) leaves.set(bytes, index * TILE_WIDTH * HASH_LENGTH);
  }
  const tree = new Frontier(hash);
  const grown = growTiles(tree, leaves, size);
  for (const [name, { level, index, width }] of wanted) {
    if (level === 0 || level === 'entries') continue;
    const from = index * TILE_WIDTH;
    const made = (grown[level] ?? []).slice(from, from + width);
    const bytes = pack.read(name) ?? new Uint8Array();
    const differs = made.some((each, at) => !equalBytes(each, bytes.subarray(at * 32, at * 32 + 32)));
    if (differs || made.length !== width) return bad('tile-differs', name);
  }
  return equalBytes(tree.root(), root) ? { leaves } : bad('root-mismatch', places.checkpoint);
}

/** Hashes above the leaves that stand in tiles, by level of the tiles. */
function growTiles(tree: Frontier, leaves: Uint8Array, size: number): Uint8Array[][] {
  const grown: Uint8Array[][] = [];
  for (let at = 0; at < size; at++) {
    for (const { level, hash } of tree.append(leaves.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH))) {
      if (level === 0 || level % HEIGHT !== 0) continue;
      const row = grown[level / HEIGHT] ?? [];
      row.push(hash);
      grown[level / HEIGHT] = row;
    }
  }
  return grown;
}

/** A bundle is as wide as the tree makes it: full, or the last one. */
function isBundleOf(size: number, { index, width }: Tile): boolean {
  return width === Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
}
