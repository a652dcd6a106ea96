import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { ReplayStep } from '#shared/contracts/review-replay.ts';
import { base64 } from '#shared/kernel/encoding.ts';

import { stepOf } from './select.ts';

type Row = Parameters<typeof stepOf>[0] & { readonly bytes: Buffer | null };

const WEIGHT = 1024 * 1024;

export type StepsOf = {
  readonly from: number;
  /** Ends before this one. */
  readonly to: number;
  readonly objectId: string | undefined;
  readonly limit: number;
};

/** The next entries this reader may see, whole, and up to where nothing is missing. [RV-10] */
export async function pageOfSteps(
  tx: Tx,
  pass: RoomPass,
  { from, to, objectId, limit }: StepsOf,
): Promise<{ steps: ReplayStep[]; to: number }> {
  const object = objectId === undefined ? sql`true` : sql`e.object_id = ${objectId}`;
  const found = await rows<Row>(
    tx,
    sql`select seq, at_ms, kind, outcome, officer_id, country, object_kind, object_id, compartment_id,
               case when form = 'json' then payload end as payload, case when form = 'bytes' then payload end as bytes
        from (
          select e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.country, e.object_kind, e.object_id, e.compartment_id, c.form,
                 c.payload, sum(coalesce(octet_length(c.payload), 0)) over (order by e.seq) - coalesce(octet_length(c.payload), 0) as before
          from (
            select * from entries e where e.log_id = ${pass.operation} and e.seq >= ${from} and e.seq < ${to} and ${object}
              and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}
            order by e.seq limit ${limit + 1}
          ) e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        ) t where before < ${WEIGHT} or before = 0 order by seq`,
  );
  const page = found.slice(0, limit);
  const next = found[limit];
  const [{ more = false } = {}] =
    next !== undefined || page.length === 0
      ? []
      : await rows<{ more: boolean }>(tx, beyond(pass, page.at(-1)?.seq ?? 0, to, object));
  const last = page.at(-1);
  const whole = next === undefined && !more;
  return {
    steps: page.map((row) => ({ ...stepOf(row), bytes: row.bytes === null ? null : base64(row.bytes) })),
    to: whole || last === undefined ? to : last.seq + 1,
  };
}

/** Whether the page ended for its weight. */
function beyond(pass: RoomPass, last: number, to: number, object: ReturnType<typeof sql>) {
  return sql`select exists (select 1 from entries e where e.log_id = ${pass.operation} and e.seq > ${last} and e.seq < ${to} and ${object}
    and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}) as more`;
}
