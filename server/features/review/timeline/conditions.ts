import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, type RawBuilder, sql, type Tx } from '#server/platform/storage/store.ts';
import type { BodyOf } from '#shared/contracts/contract.ts';
import type { readTimeline } from '#shared/contracts/review-timeline.ts';
import { kindsOf } from '#shared/review/groups.ts';

import { progressOf } from '../words/store.ts';

export type Filter = Pick<
  BodyOf<typeof readTimeline>,
  'country' | 'officerId' | 'kind' | 'group' | 'objectId' | 'outcome' | 'compartment' | 'from' | 'until'
>;

type Column = RawBuilder<unknown>;

/** Where a table of this feature holds what filters and the visibility rule ask for. */
export type Columns = {
  readonly kind: Column;
  readonly outcome: Column;
  readonly officer: Column;
  readonly country: Column;
  readonly compartment: Column;
};

/** Who may see and what is asked for, except object and time, which not every table has. [RV-1] */
export function matching(pass: RoomPass, filter: Filter, columns: Columns): RawBuilder<unknown>[] {
  const { country, officerId, outcome, compartment } = filter;
  const conditions: RawBuilder<unknown>[] = [
    visibleTo(pass, { compartment: columns.compartment as never, by: columns.officer as never }),
  ];
  const kinds = kindsIn(filter);
  if (kinds !== null) conditions.push(sql`${columns.kind} = any(${[...kinds]}::text[])`);
  if (filter.group !== undefined && filter.group !== 'denials')
    conditions.push(sql`${columns.outcome} = 'ok'`);
  if (filter.group === 'denials') conditions.push(sql`${columns.outcome} = 'refused'`);
  if (country !== undefined) conditions.push(sql`${columns.country} = ${country}`);
  if (officerId !== undefined) conditions.push(sql`${columns.officer} = ${officerId}`);
  if (outcome !== undefined) conditions.push(sql`${columns.outcome} = ${outcome}`);
  if (compartment !== undefined) conditions.push(sql`${columns.compartment} = ${compartment}`);
  return conditions;
}

/** The kinds that kind and group leave; null for all. */
export function kindsIn({ kind, group }: Filter): readonly string[] | null {
  if (group === undefined || group === 'denials') return kind === undefined ? null : [kind];
  const kinds = kindsOf(group);
  return kind === undefined ? kinds : kinds.filter((one) => one === kind);
}

/** In what is derived so far, which is exact: what came to the record since is for the next reading. */
export async function placesOf(
  tx: Tx,
  pass: RoomPass,
  filter: Pick<Filter, 'from' | 'until'>,
): Promise<{ first: number; end: number; asOf: number }> {
  const { upTo: asOf } = await progressOf(tx, pass.operation);
  return { ...(await stretchOf(tx, pass, filter, asOf)), asOf };
}

/** Times of a record never go back: a stretch of time is a stretch of places, below `asOf`. */
export async function stretchOf(
  tx: Tx,
  pass: RoomPass,
  { from, until }: Pick<Filter, 'from' | 'until'>,
  asOf: number,
): Promise<{ first: number; end: number }> {
  const first = from === undefined ? 0 : await placeAt(tx, pass, Date.parse(from));
  const end = until === undefined ? asOf : await placeAt(tx, pass, Date.parse(until));
  return { first, end: Math.min(end, asOf) };
}

/** The first place that is not before this time; beyond the end when there is none. */
export async function placeAt(tx: Tx, pass: RoomPass, at: number): Promise<number> {
  const row = await oneRow<{ seq: number }>(
    tx,
    sql`select seq from entries where log_id = ${pass.operation} and at_ms >= ${at} order by at_ms, seq limit 1`,
  );
  return row?.seq ?? Number.MAX_SAFE_INTEGER;
}
