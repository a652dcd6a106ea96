import type { RoomPass } from '#server/platform/access.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { proofReader, readSubtrees } from '#server/record/tree-nodes.ts';
import { base64, concatBytes, utf8 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import {
  contentPlace,
  entryPlace,
  places,
  proofPlace,
  saltPlace,
  tilePlace,
} from '#shared/record/pack/layout.ts';
import type { PackFile } from '#shared/record/pack/write.ts';
import { proveInclusion } from '#shared/record/proof.ts';
import { formatProofFile } from '#shared/record/proof-file.ts';
import { encodeBundle, subtreesInTile, TILE_WIDTH, type Tile, tilesOf } from '#shared/record/tiles.ts';

import { batchedReader } from './batched-reader.ts';
import type { PackRow } from './store.ts';

/** Lays entries and contents out as they pass by; counts what is shown, withheld and purged. */
export class EntryFiles {
  shown = 0;
  withheld = 0;
  purged = 0;
  readonly #whole: boolean;
  #bundle: PackRow[] = [];
  readonly #hidden: string[] = [];

  /** `whole`: the record from its first entry on, in bundles as far as they may be given. */
  constructor(whole: boolean) {
    this.#whole = whole;
  }

  *take(row: PackRow): Generator<PackFile> {
    const { seq, leaf_hash, bytes, salt, payload } = row;
    if (bytes === null) {
      this.withheld += 1;
      this.#hidden.push(`${seq} ${base64(leaf_hash)}\n`);
    } else {
      this.shown += 1;
      if (salt !== null && payload !== null) {
        yield { path: saltPlace(seq), bytes: salt };
        yield { path: contentPlace(seq), bytes: payload };
      } else {
        this.purged += 1;
      }
      if (!this.#whole) yield { path: entryPlace(seq), bytes };
    }
    if (!this.#whole) return;
    this.#bundle.push(row);
    if (this.#bundle.length === TILE_WIDTH) yield* this.#flush();
  }

  /** What is left when all have passed. */
  *end(): Generator<PackFile> {
    if (this.#whole) yield* this.#flush();
  }

  /** Leaf hashes of what is not for the recipient; only a part of the record needs them beside its tree. */
  withheldFile(): PackFile {
    return { path: places.withheld, bytes: utf8(this.#hidden.join('')) };
  }

  /** A bundle is given only when all of it may be seen; otherwise the entries stand alone. */
  *#flush(): Generator<PackFile> {
    const rows = this.#bundle;
    this.#bundle = [];
    const [first] = rows;
    if (first === undefined) return;
    const given = rows.flatMap(({ bytes }) => bytes ?? []);
    if (given.length === rows.length) {
      const tile: Tile = { level: 'entries', index: first.seq / TILE_WIDTH, width: rows.length };
      yield { path: tilePlace(tile), bytes: encodeBundle(given) };
      return;
    }
    for (const { seq, bytes } of rows) if (bytes !== null) yield { path: entryPlace(seq), bytes };
  }
}

/** One proof file for each place, in the same snapshot as the rows. */
export async function proofsOf(
  tx: Tx,
  pass: RoomPass,
  { seqs, size, note }: { readonly seqs: readonly number[]; readonly size: number; readonly note: string },
): Promise<PackFile[]> {
  const reader = batchedReader(proofReader(tx, pass.operation));
  const paths = await Promise.all(seqs.map((seq) => proveInclusion(reader, seq, size)));
  return seqs.map((seq, at) => ({
    path: proofPlace(seq),
    bytes: utf8(formatProofFile({ index: seq, hashes: paths[at] ?? [], checkpoint: note })),
  }));
}

/** How many tiles are read at once. */
const AT_ONCE = 16;

/** The hash tiles of the whole tree, some at a time. */
export async function* treeTiles(
  read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  pass: RoomPass,
  size: number,
): AsyncGenerator<PackFile> {
  const tiles = [...tilesOf(size)];
  for (let at = 0; at < tiles.length; at += AT_ONCE) {
    const some = tiles.slice(at, at + AT_ONCE);
    const hashes = await read((tx) => readSubtrees(tx, pass.operation, some.flatMap(subtreesInTile)));
    let taken = 0;
    for (const tile of some) {
      const held = hashes.slice(taken, taken + tile.width).map((hash) => {
        invariant(hash !== null, 'a tile beyond the checkpoint');
        return hash;
      });
      taken += tile.width;
      yield { path: tilePlace(tile), bytes: concatBytes(...held) };
    }
  }
}
