import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { isoTime } from '#shared/kernel/clock.ts';

import { type Filter, matching } from './conditions.ts';

const HOUR = 3_600_000;

/** Entries under the filter in one hour, of one country ('' for none), and between which places. */
export type Tally = {
  readonly hour: number;
  readonly country: string;
  readonly entries: number;
  readonly first_seq: number;
  readonly last_seq: number;
};

export type Stretch = { readonly first: number; readonly end: number };

const rolled = {
  kind: sql`t.kind`,
  outcome: sql`t.outcome`,
  officer: sql`nullif(t.officer_id, '')`,
  country: sql`t.country`,
  compartment: sql`nullif(t.compartment_id, '')`,
};
const single = {
  kind: sql`e.kind`,
  outcome: sql`e.outcome`,
  officer: sql`e.officer_id`,
  country: sql`e.country`,
  compartment: sql`e.compartment_id`,
};

/** Whole hours come from the tally, the two at the ends from the entries themselves; so does all about one object. */
export async function tallyOf(tx: Tx, pass: RoomPass, filter: Filter, stretch: Stretch): Promise<Tally[]> {
  if (stretch.first >= stretch.end) return [];
  if (filter.objectId !== undefined)
    return counted(
      tx,
      pass,
      filter,
      sql`e.object_id = ${filter.objectId}
    and e.seq >= ${stretch.first} and e.seq < ${stretch.end}`,
    );
  const where = matching(pass, filter, rolled);
  const hours = await rows<Tally>(
    tx,
    sql`select t.hour, t.country, sum(t.entries)::bigint as entries, min(t.first_seq) as first_seq, max(t.last_seq) as last_seq
        from review_tally t where t.log_id = ${pass.operation} and t.last_seq >= ${stretch.first} and t.first_seq < ${stretch.end}
          and ${sql.join(where, sql` and `)} group by t.hour, t.country order by t.hour, t.country`,
  );
  const cut = hours.filter(({ first_seq, last_seq }) => first_seq < stretch.first || last_seq >= stretch.end);
  if (cut.length === 0) return hours;
  const ends = [...new Set(cut.map(({ hour }) => hour))];
  const recounted: Tally[] = [];
  for (const hour of ends) {
    const inHour = hours.filter((one) => one.hour === hour);
    const first = Math.max(stretch.first, Math.min(...inHour.map((one) => one.first_seq)));
    const end = Math.min(stretch.end, Math.max(...inHour.map((one) => one.last_seq)) + 1);
    const place = sql`e.seq >= ${first} and e.seq < ${end} and e.at_ms / ${sql.lit(HOUR)} = ${hour}`;
    recounted.push(...(await counted(tx, pass, filter, place)));
  }
  return [...hours.filter(({ hour }) => !ends.includes(hour)), ...recounted].sort(inOrder);
}

/** The same of a record of which only the places below `derived` are in the tally: the rest is counted from the entries. */
export async function tallyOfAll(
  tx: Tx,
  pass: RoomPass,
  filter: Filter,
  { first, end, derived }: Stretch & { readonly derived: number },
): Promise<Tally[]> {
  if (filter.objectId !== undefined || end <= derived) return tallyOf(tx, pass, filter, { first, end });
  const held = await tallyOf(tx, pass, filter, { first, end: derived });
  const from = Math.max(first, derived);
  return added(held, await counted(tx, pass, filter, sql`e.seq >= ${from} and e.seq < ${end}`));
}

/** Both follow each other on the record: at most their one common hour is in both. */
function added(earlier: readonly Tally[], later: readonly Tally[]): Tally[] {
  const sums = new Map(earlier.map((one) => [`${one.hour} ${one.country}`, one]));
  for (const one of later) {
    const key = `${one.hour} ${one.country}`;
    const { entries, first_seq } = sums.get(key) ?? { entries: 0, first_seq: one.first_seq };
    sums.set(key, { ...one, entries: entries + one.entries, first_seq });
  }
  return [...sums.values()].sort(inOrder);
}

function inOrder(a: Tally, b: Tally): number {
  return a.hour - b.hour || (a.country < b.country ? -1 : 1);
}

function counted(tx: Tx, pass: RoomPass, filter: Filter, place: ReturnType<typeof sql>): Promise<Tally[]> {
  const where = [...matching(pass, filter, single), place];
  return rows(
    tx,
    sql`select e.at_ms / ${sql.lit(HOUR)} as hour, coalesce(e.country, '') as country, count(*) as entries,
               min(e.seq) as first_seq, max(e.seq) as last_seq
        from entries e where e.log_id = ${pass.operation} and ${sql.join(where, sql` and `)} group by 1, 2 order by 1, 2`,
  );
}

export const entryConditions = single;

export function densityOf(tally: readonly Tally[]): { hour: string; country: string; count: number }[] {
  return tally.map(({ hour, country, entries }) => ({ hour: isoTime(hour * HOUR), country, count: entries }));
}

export function totalOf(tallies: readonly { readonly entries: number }[]): number {
  return tallies.reduce((sum, { entries }) => sum + entries, 0);
}
