import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readStrip } from '#shared/contracts/review-replay.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { groupOf } from '#shared/review/groups.ts';

type Strip = Omit<ReplyOf<typeof readStrip>, 'asOf'>;
type Counted = {
  readonly slice: number;
  readonly kind: string;
  readonly outcome: 'ok' | 'refused';
  readonly count: number;
};

/** What the reader may see of a record of this size, counted in slices by strand. [RV-22] */
export async function stripOf(
  tx: Tx,
  pass: RoomPass,
  { size, slices }: { size: number; slices: number },
): Promise<Strip> {
  const step = Math.max(1, Math.ceil(size / slices));
  const found = await rows<Counted>(
    tx,
    sql`select e.seq / ${sql.lit(step)} as slice, e.kind, e.outcome, count(*) as count from entries e
        where e.log_id = ${pass.operation} and e.seq < ${size}
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })} group by 1, 2, 3`,
  );
  const counts = new Map<string, Strip['counts'][number]>();
  for (const { slice, kind, outcome, count } of found) {
    const strand = groupOf(kind, outcome);
    const held = counts.get(`${slice} ${strand}`);
    counts.set(`${slice} ${strand}`, { slice, strand, count: (held?.count ?? 0) + count });
  }
  const inOrder = [...counts.values()].sort((a, b) => a.slice - b.slice || (a.strand < b.strand ? -1 : 1));
  return { step, marks: await marksOf(tx, pass, { size, step }), counts: inOrder };
}

/** Times of places, which tell no more of their entries than the record's size does. */
async function marksOf(
  tx: Tx,
  pass: RoomPass,
  { size, step }: { size: number; step: number },
): Promise<Strip['marks']> {
  const begins = Array.from({ length: Math.ceil(size / step) }, (_, at) => at * step);
  const places = [...new Set([...begins, size - 1])].filter((place) => place >= 0);
  const found = await rows<{ seq: number; at_ms: number }>(
    tx,
    sql`select seq, at_ms from entries where log_id = ${pass.operation} and seq = any(${places}::bigint[]) order by seq`,
  );
  return found.map(({ seq, at_ms }) => ({ seq, at: isoTime(at_ms) }));
}
