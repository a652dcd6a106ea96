import { invariant } from '#shared/kernel/failures.ts';
import type { Subtree } from './tree.ts';

/** 256 hashes, or fewer at the growing edge, of one tile level: hash `i` of tile `n` at level `l` covers 256^l leaves (C2SP tlog-tiles). */
export type Tile = {
  /** 0 … 5 for hashes; `entries` for the bundle of entries under a level-0 tile. */
  readonly level: number | 'entries';
  readonly index: number;
  /** Hashes or entries in it, 1 … 256. Only a full tile never changes. */
  readonly width: number;
};

export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const LEVEL_LIMIT = 6;

/** `tile/0/x001/x234/067.p/12`, to be put behind the record's address. [RC-16] */
export function tilePath({ level, index, width }: Tile): string {
  invariant(Number.isSafeInteger(index) && index >= 0, 'no such tile');
  invariant(width >= 1 && width <= TILE_WIDTH, 'no such width');
  const groups = [String(index % 1000).padStart(3, '0')];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    groups.unshift(`x${String(rest % 1000).padStart(3, '0')}`);
  }
  return `tile/${level}/${groups.join('/')}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Accepts only what `tilePath` writes, null for anything else. [RC-16] */
export function parseTilePath(path: string): Tile | null {
  const shape = /^tile\/([0-5]|entries)\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;
  const [, level, groups, width] = shape.exec(path) ?? [];
  if (level === undefined || groups === undefined) return null;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (tile.width > TILE_WIDTH) return null;
  return tilePath(tile) === path ? tile : null;
}

/** The hash tiles of a tree, level by level; the last of a level may be partial, none is empty. [RC-17] */
export function* tilesOf(size: number): Generator<Tile> {
  for (let level = 0; level < LEVEL_LIMIT; level++) {
    const hashes = Math.floor(size / TILE_WIDTH ** level);
    if (hashes === 0) return;
    for (let index = 0; index * TILE_WIDTH < hashes; index++) {
      yield { level, index, width: Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH) };
    }
  }
}

/** True when a tree of `size` leaves has this tile, in this width or a fuller one. [RC-17] */
export function hasTile(size: number, { level, index, width }: Tile): boolean {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return index * TILE_WIDTH + width <= hashes;
}

/** The subtrees whose hashes make up a hash tile, in order: 32 bytes each. [RC-17] */
export function subtreesInTile(tile: Tile): Subtree[] {
  invariant(tile.level !== 'entries', 'a bundle of entries holds no hashes');
  const level = tile.level * TILE_HEIGHT;
  return Array.from({ length: tile.width }, (_, i) => ({ level, index: tile.index * TILE_WIDTH + i }));
}

/** `tile/entries/…`: each entry behind its length as two bytes, most significant first. [RC-17] */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(entries.reduce((total, entry) => total + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    invariant(entry.length <= 0xffff, 'an entry of more than 65,535 bytes');
    bytes.set([entry.length >> 8, entry.length & 0xff], at);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}
