import { peopleById } from '#server/features/identity/index.ts';
import { presentEntry, visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { entryColumns, entrySource, type StoredEntry } from '#server/record/read.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';

/** Entries by their places, those only that this reader may see. */
export async function entriesAt(
  tx: Tx,
  pass: RoomPass,
  seqs: readonly number[],
): Promise<ReadonlyMap<number, EntryOnWire>> {
  if (seqs.length === 0) return new Map();
  const stored = await rows<StoredEntry>(
    tx,
    sql`select ${entryColumns} from ${entrySource} where e.log_id = ${pass.operation} and e.seq = any(${[...seqs]}::bigint[])
        and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}`,
  );
  const people = await peopleById(
    tx,
    stored.flatMap(({ officer_id }) => officer_id ?? []),
  );
  return new Map(stored.map((entry) => [entry.seq, presentEntry(entry, people)]));
}
