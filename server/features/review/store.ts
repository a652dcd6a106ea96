import { readerOfCompartments, visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass, WitnessPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { entrySource } from '#server/record/read.ts';

export const columns = { compartment: sql`e.compartment_id`, by: sql`e.officer_id` };

export type EntryBytes = {
  readonly seq: number;
  readonly leaf_hash: Buffer;
  readonly bytes: Buffer;
  readonly salt: Buffer | null;
  readonly payload: Buffer | null;
};

/** One entry as stored; null when there is none, or it is not for this reader. */
export function entryBytes(tx: Tx, pass: RoomPass, seq: number): Promise<EntryBytes | null> {
  return oneRow(
    tx,
    sql`select e.seq, e.leaf_hash, e.bytes, c.salt, c.payload from ${entrySource}
        where e.log_id = ${pass.operation} and e.seq = ${seq} and ${visibleTo(pass, columns)}`,
  );
}

/** What an export shows of one place: `bytes` is null for what this reader may not see. */
export type ExportRow = Omit<EntryBytes, 'bytes'> & { readonly bytes: Buffer | null };

/**
 * The next places of an export, up to about `weight` bytes of content in at most `range.to - range.from` rows; at least
 * one. Each place is looked at once and its content found by its key, whatever the planner thinks of the tables; what is
 * not for this reader is not looked up at all, and what is beyond the weight is not read.
 */
export function exportPage(
  tx: Tx,
  pass: RoomPass | WitnessPass,
  range: { from: number; to: number; weight: number },
): Promise<ExportRow[]> {
  const reader = 'witness' in pass ? readerOfCompartments(pass.compartments) : pass;
  return rows(
    tx,
    sql`select seq, leaf_hash, bytes, salt, payload from (
          select e.seq, e.leaf_hash, e.bytes, c.salt, c.payload,
                 sum(coalesce(octet_length(c.payload), 0)) over (order by e.seq rows unbounded preceding)
                   - coalesce(octet_length(c.payload), 0) as before
          from (
            select e.seq, e.leaf_hash, ${visibleTo(reader, columns)} as visible,
                   case when ${visibleTo(reader, columns)} then e.bytes end as bytes
            from entries e where e.log_id = ${pass.operation} and e.seq >= ${range.from} and e.seq < ${range.to}
          ) e
          left join lateral (
            select c.salt, c.payload from entry_contents c
            where e.visible and c.log_id = ${pass.operation} and c.seq = e.seq limit 1
          ) c on true
        ) placed where before < ${range.weight} order by seq`,
  );
}
