import type { LogId } from '#server/platform/facts.ts';
import type { FileBody } from '#server/platform/http/commands.ts';
import { type RawBuilder, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { newestCheckpoint } from '#server/record/checkpoints.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import { concatBytes } from '#shared/kernel/encoding.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import {
  encodeBundle,
  hasTile,
  parseTilePath,
  subtreesInTile,
  TILE_WIDTH,
  type Tile,
} from '#shared/record/tiles.ts';

/** Whether this reader may see an entry `e`, as a condition on its row. */
type Visible = RawBuilder<boolean>;

/**
 * One tile of the signed tree. What the tree does not have, what is spelled otherwise, and a bundle with an entry that is
 * not for this reader are refused alike. [RC-48] [RC-49]
 */
export async function tileOf(
  tx: Tx,
  log: LogId,
  { path, visible }: { readonly path: string; readonly visible: Visible },
): Promise<FileBody> {
  const tile = parseTilePath(`tile/${path}`);
  const newest = await newestCheckpoint(tx, log);
  if (tile === null || newest === null || !hasTile(newest.size, tile)) throw refuse('not.found');
  const content =
    tile.level === 'entries' ? await bundle(tx, log, tile, visible) : await hashes(tx, log, tile);
  if (content === null) throw refuse('not.found');
  return { mediaType: 'application/octet-stream', content, lasting: tile.width === TILE_WIDTH };
}

async function hashes(tx: Tx, log: LogId, tile: Tile): Promise<Uint8Array> {
  return concatBytes(...(await proofReader(tx, log).read(subtreesInTile(tile))));
}

/** null when one of the entries may not be seen. */
async function bundle(
  tx: Tx,
  log: LogId,
  { index, width }: Tile,
  visible: Visible,
): Promise<Uint8Array | null> {
  const from = index * TILE_WIDTH;
  const found = await rows<{ bytes: Buffer }>(
    tx,
    sql`select e.bytes from entries e
        where e.log_id = ${log} and e.seq >= ${from} and e.seq < ${from + width} and ${visible} order by e.seq`,
  );
  invariant(found.length <= width, 'more entries than places');
  return found.length === width ? encodeBundle(found.map(({ bytes }) => bytes)) : null;
}
