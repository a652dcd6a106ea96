import type { LogId } from '#server/platform/facts.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';

/** Places of a record whose contents go next: `from ≤ seq < to`. */
export type Stretch = { readonly log: LogId; readonly from: number; readonly to: number };

/** The next places of a record up to `below`, at most `most` of them and about `weight` bytes of content; at least one. */
export async function nextStretch(
  tx: Tx,
  { log, from, below }: { log: LogId; from: number; below: number },
  { most, weight }: { most: number; weight: number },
): Promise<Stretch> {
  const row = await oneRow<{ last: number | null }>(
    tx,
    sql`select max(seq) as last from (
          select seq, sum(octet_length(payload)) over (order by seq) - octet_length(payload) as before
          from entry_contents where log_id = ${log} and seq >= ${from} and seq < ${below}
          order by seq limit ${most}) as next
        where before < ${weight}`,
  );
  return { log, from, to: row?.last == null ? below : row.last + 1 };
}

/** How many contents lie there, by kind of entry. */
export async function countContents(tx: Tx, { log, from, to }: Stretch): Promise<Record<string, number>> {
  const found = await rows<{ kind: string; count: number }>(
    tx,
    sql`select e.kind, count(*) as count from entries e join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${log} and e.seq >= ${from} and e.seq < ${to} group by e.kind order by e.kind`,
  );
  return Object.fromEntries(found.map(({ kind, count }) => [kind, count]));
}

/**
 * Destroys salts and contents of these places, and the first replies to the commands that wrote them, which repeat
 * them. The database lets it through only for an operation that is being purged, beside the entry that tells of it. [LC-20]
 */
export async function destroyContents(tx: Tx, { log, from, to }: Stretch): Promise<number> {
  await sql`delete from commands where (officer_id, command_id) in (
              select officer_id, convert_from(bytes, 'UTF8')::jsonb ->> 'cmd' from entries
              where log_id = ${log} and seq >= ${from} and seq < ${to} and officer_id is not null)`.execute(
    tx,
  );
  const row = await oneRow<{ count: number }>(
    tx,
    sql`with gone as (
          delete from entry_contents where log_id = ${log} and seq >= ${from} and seq < ${to} returning 1
        ) select count(*) as count from gone`,
  );
  return row?.count ?? 0;
}
