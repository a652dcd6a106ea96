import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import { listEntries } from '#shared/contracts/review.ts';

import { progressOf } from '../words/store.ts';
import { stretchOf } from './conditions.ts';
import { entriesAt } from './entries-at.ts';
import { type Asked, matchingRows } from './lines.ts';
import { densityOf, tallyOfAll, totalOf } from './tally.ts';

/** Entries one by one. Waits for nothing to be derived: what is not yet is counted from the record itself. [RC-41] */
export function listHandler(): Handler {
  return query({
    call: listEntries,
    async read(
      tx,
      { pass, asOf },
      { before = Number.MAX_SAFE_INTEGER, limit, operationId: _given, ...filter },
    ) {
      const { upTo: derived } = await progressOf(tx, pass.operation);
      const stretch = await stretchOf(tx, pass, filter, asOf);
      const tally = await tallyOfAll(tx, pass, filter, { ...stretch, derived });
      const found = await placesOf(tx, pass, { filter, stretch, before, limit: limit + 1, tally });
      const page = found.slice(0, limit);
      const entries = await entriesAt(tx, pass, page);
      return {
        asOf,
        entries: page.flatMap((seq) => entries.get(seq) ?? []),
        total: totalOf(tally),
        more: found.length > limit,
        density: densityOf(tally),
      };
    },
  });
}

async function placesOf(tx: Tx, pass: RoomPass, asked: Asked): Promise<number[]> {
  const places: number[] = [];
  for await (const { seq } of matchingRows(tx, pass, asked, asked.limit)) {
    places.push(seq);
    if (places.length === asked.limit) break;
  }
  return places;
}
