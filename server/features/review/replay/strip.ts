import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readStrip } from '#shared/contracts/review-replay.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { groupOf } from '#shared/review/groups.ts';

import { progressOf } from '../words/store.ts';

type Strip = Omit<ReplyOf<typeof readStrip>, 'asOf'>;
type Sort = { readonly kind: string; readonly outcome: 'ok' | 'refused'; readonly count: number };
type Sliced = Sort & { readonly slice: number };
/** What the reader may see of one hour: all of it lies between these two places, and nothing of another hour does. */
type Hour = { readonly first: number; readonly last: number; readonly sorts: readonly Sort[] };
type Span = { readonly first: number; readonly end: number };

/** What the reader may see of a record of this size, counted in slices by strand. [RV-22] */
export async function stripOf(
  tx: Tx,
  pass: RoomPass,
  { size, slices }: { size: number; slices: number },
): Promise<Strip> {
  const step = Math.max(1, Math.ceil(size / slices));
  const counts = new Map<string, Strip['counts'][number]>();
  for (const { slice, kind, outcome, count } of await slicedBy(tx, pass, { size, step })) {
    const strand = groupOf(kind, outcome);
    const held = counts.get(`${slice} ${strand}`);
    counts.set(`${slice} ${strand}`, { slice, strand, count: (held?.count ?? 0) + count });
  }
  const inOrder = [...counts.values()].sort((a, b) => a.slice - b.slice || (a.strand < b.strand ? -1 : 1));
  return { step, marks: await marksOf(tx, pass, { size, step }), counts: inOrder };
}

/**
 * By the tally where an hour lies in one slice. Of an hour that reaches into several, all but the last are counted from
 * the entries, and the last has what is left of it; so is what is not derived yet.
 */
async function slicedBy(
  tx: Tx,
  pass: RoomPass,
  { size, step }: { size: number; step: number },
): Promise<Sliced[]> {
  const sliceOf = (place: number) => Math.floor(place / step);
  const hours = await hoursOf(tx, pass);
  const cut = hours.filter(({ first, last }) => sliceOf(first) < sliceOf(last));
  const spans = cut.map(({ first, last }): Span => ({ first, end: sliceOf(last) * step }));
  const { upTo } = await progressOf(tx, pass.operation);
  const counted = await countedIn(tx, pass, { spans: [...spans, { first: upTo, end: size }], step });
  const told = new Map<string, number>();
  for (const { span, kind, outcome, count } of counted) {
    const key = `${span} ${kind} ${outcome}`;
    told.set(key, (told.get(key) ?? 0) + count);
  }
  const rest = hours.flatMap((hour) => {
    const span = cut.indexOf(hour);
    const left = ({ kind, outcome, count }: Sort) => count - (told.get(`${span} ${kind} ${outcome}`) ?? 0);
    return hour.sorts.map((one) => ({ ...one, slice: sliceOf(hour.last), count: left(one) }));
  });
  return [...counted, ...rest.filter(({ count }) => count > 0)];
}

async function hoursOf(tx: Tx, pass: RoomPass): Promise<Hour[]> {
  const found = await rows<Sort & { hour: number; first: number; last: number }>(
    tx,
    sql`select t.hour, t.kind, t.outcome, sum(t.entries)::bigint as count, min(t.first_seq) as first, max(t.last_seq) as last
        from review_tally t where t.log_id = ${pass.operation}
          and ${visibleTo(pass, { compartment: sql`nullif(t.compartment_id, '')`, by: sql`nullif(t.officer_id, '')` })}
        group by 1, 2, 3`,
  );
  const hours = new Map<number, Hour>();
  for (const { hour, first, last, ...sort } of found) {
    const held = hours.get(hour);
    hours.set(hour, {
      first: Math.min(first, held?.first ?? first),
      last: Math.max(last, held?.last ?? last),
      sorts: [...(held?.sorts ?? []), sort],
    });
  }
  return [...hours.values()];
}

/** Each span is read by its places, whatever the planner thinks of the whole. */
function countedIn(
  tx: Tx,
  pass: RoomPass,
  { spans, step }: { spans: readonly Span[]; step: number },
): Promise<(Sliced & { span: number })[]> {
  return rows(
    tx,
    sql`select s.place - 1 as span, e.seq / ${sql.lit(step)} as slice, e.kind, e.outcome, count(*) as count
        from unnest(${spans.map(({ first }) => first)}::bigint[], ${spans.map(({ end }) => end)}::bigint[])
               with ordinality as s (first, stop, place)
        cross join lateral (
          select e.seq, e.kind, e.outcome from entries e
          where e.log_id = ${pass.operation} and e.seq >= s.first and e.seq < s.stop
            and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })} offset 0
        ) e group by 1, 2, 3, 4`,
  );
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
