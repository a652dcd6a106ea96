import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Thing } from '#shared/contracts/review-access.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import type { Moment } from '../replay/moment.ts';
import { placeAt } from '../timeline/conditions.ts';
import { progressOf } from '../words/store.ts';

/** How often an officer consulted something in one way, and when last. One may have several of these. */
export type Consulted = {
  readonly officer_id: OfficerId;
  readonly kind: string;
  readonly object_id: string | null;
  readonly times: number;
  readonly seq: number;
  readonly at_ms: number;
};

/** The entries that tell of each sort of thing. */
export const telling = {
  room: ['room.entered'],
  board: ['board.opened'],
  exports: ['indicators.exported', 'record.exported'],
  record: ['record.consulted', 'operation.purpose-stated'],
} as const satisfies Record<Thing['kind'], readonly string[]>;

/** All but the boards: these are told of the operation, and of nothing in it. */
const general = [...telling.room, ...telling.exports, ...telling.record];
const HOUR = 3_600_000;

/** By then, as far as this reader may see it. Whole hours come from the tally, boards and the last hour from the entries. */
export async function consultedBy(tx: Tx, pass: RoomPass, moment: Moment): Promise<Consulted[]> {
  const { hour, place } = await cutOf(tx, pass, moment);
  return [
    ...(await amongEntries(tx, pass, { kinds: telling.board, from: 0, until: moment.seq })),
    ...(await talliedBefore(tx, pass, hour)),
    ...(await amongEntries(tx, pass, { kinds: general, from: place, until: moment.seq })),
  ];
}

/** The hour up to which the tally holds, and the place from which it does not. */
async function cutOf(tx: Tx, pass: RoomPass, { seq, at }: Moment): Promise<{ hour: number; place: number }> {
  const { upTo } = await progressOf(tx, pass.operation);
  if (seq + 1 >= upTo) return { hour: Number.MAX_SAFE_INTEGER, place: upTo };
  const hour = at === null ? 0 : Math.floor(Date.parse(at) / HOUR);
  return { hour, place: await placeAt(tx, pass, hour * HOUR) };
}

function talliedBefore(tx: Tx, pass: RoomPass, hour: number): Promise<Consulted[]> {
  return rows(
    tx,
    sql`select t.officer_id, t.kind, null as object_id, t.times, t.seq, e.at_ms from (
          select t.officer_id, t.kind, sum(t.entries)::bigint as times, max(t.last_seq) as seq from review_tally t
          where t.log_id = ${pass.operation} and t.kind = any(${general}::text[]) and t.hour < ${hour} and t.outcome = 'ok'
            and t.officer_id <> ''
            and ${visibleTo(pass, { compartment: sql`nullif(t.compartment_id, '')`, by: sql`nullif(t.officer_id, '')` })}
          group by t.officer_id, t.kind
        ) t cross join lateral (
          select at_ms from entries where log_id = ${pass.operation} and seq = t.seq limit 1
        ) e`,
  );
}

function amongEntries(
  tx: Tx,
  pass: RoomPass,
  { kinds, from, until }: { kinds: readonly string[]; from: number; until: number },
): Promise<Consulted[]> {
  return rows(
    tx,
    sql`select e.officer_id, e.kind, e.object_id, count(*) as times, max(e.seq) as seq, max(e.at_ms) as at_ms
        from entries e where e.log_id = ${pass.operation} and e.seq >= ${from} and e.seq <= ${until} and e.outcome = 'ok'
          and e.kind = any(${[...kinds]}::text[]) and e.officer_id is not null
          and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}
        group by e.officer_id, e.kind, e.object_id`,
  );
}
