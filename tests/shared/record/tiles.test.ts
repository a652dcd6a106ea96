import { expect, test } from 'vitest';

import {
  encodeBundle,
  hasTile,
  parseTilePath,
  subtreesInTile,
  type Tile,
  tilePath,
  tilesOf,
} from '#shared/record/tiles.ts';

test('[RC-16] a tile path groups its number by thousands and names a partial width', () => {
  const paths: [Tile, string][] = [
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
    [{ level: 'entries', index: 1_234_067, width: 256 }, 'tile/entries/x001/x234/067'],
    [{ level: 2, index: 1000, width: 1 }, 'tile/2/x001/000.p/1'],
  ];
  for (const [tile, path] of paths) {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  }
});

test('[RC-16] any other spelling of a tile path is refused', () => {
  const bad = [
    'tile/0/0',
    'tile/0/x000/001',
    'tile/0/001.p/256',
    'tile/0/001.p/0',
    'tile/0/001.p/01',
    'tile/9/001',
  ];
  bad.push('tile/0/001/002', 'tile/entries/x001', '../tile/0/001', 'tile/00/001', 'tile/0/001.p/300', '');
  expect(bad.map(parseTilePath)).toEqual(bad.map(() => null));
});

test('[RC-17] 70,000 leaves have 273 full tiles and one of 112 at level 0, and levels 1 and 2', () => {
  const tiles = [...tilesOf(70_000)];
  const full = tiles.filter(({ width }) => width === 256);
  expect(full.map(({ level }) => level)).toEqual([...Array<number>(273).fill(0), 1]);
  expect(tiles.filter(({ width }) => width < 256).map(tilePath)).toEqual([
    'tile/0/273.p/112',
    'tile/1/001.p/17',
    'tile/2/000.p/1',
  ]);
  expect([...tilesOf(0)]).toEqual([]);
  expect([...tilesOf(256)].map(tilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
});

test('[RC-17] a tree has exactly the tiles and narrower ones that its size gives it', () => {
  for (const tile of tilesOf(70_000)) expect(hasTile(70_000, tile)).toBe(true);
  expect(hasTile(70_000, { level: 0, index: 273, width: 100 })).toBe(true);
  expect(hasTile(70_000, { level: 0, index: 273, width: 113 })).toBe(false);
  expect(hasTile(70_000, { level: 'entries', index: 274, width: 1 })).toBe(false);
});

test('[RC-17] hash i of a tile at level l covers 256^l leaves; a bundle prefixes each entry with its length', () => {
  expect(subtreesInTile({ level: 1, index: 2, width: 2 })).toEqual([
    { level: 8, index: 512 },
    { level: 8, index: 513 },
  ]);
  expect(encodeBundle([Uint8Array.of(7), new Uint8Array(258)]).subarray(0, 5)).toEqual(
    Uint8Array.of(0, 1, 7, 1, 2),
  );
});
