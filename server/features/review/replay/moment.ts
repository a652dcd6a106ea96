import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, sql, type Tx } from '#server/platform/storage/store.ts';
import { headOf } from '#server/record/read.ts';
import { isoTime } from '#shared/kernel/clock.ts';

export type Moment = { readonly seq: number; readonly at: string | null };

/** A place or a time as a place of the record, never beyond its end; neither is the end. [RV-7] */
export async function momentOf(
  tx: Tx,
  pass: RoomPass,
  { seq, time }: { readonly seq?: number | undefined; readonly time?: string | undefined },
): Promise<Moment & { readonly asOf: number }> {
  const asOf = (await headOf(tx, pass.operation))?.head ?? 0;
  const byTime = time === undefined ? asOf - 1 : await lastBy(tx, pass, Date.parse(time));
  const at = Math.min(seq ?? asOf - 1, byTime, asOf - 1);
  return { asOf, ...(await timed(tx, pass, at)) };
}

/** The time of the entry at that place. It tells no more of an entry than the record's size does. */
async function timed(tx: Tx, pass: RoomPass, seq: number): Promise<Moment> {
  const row = await oneRow<{ at_ms: number }>(
    tx,
    sql`select at_ms from entries where log_id = ${pass.operation} and seq = ${seq}`,
  );
  return { seq, at: row === null ? null : isoTime(row.at_ms) };
}

async function lastBy(tx: Tx, pass: RoomPass, time: number): Promise<number> {
  const row = await oneRow<{ seq: number }>(
    tx,
    sql`select seq from entries where log_id = ${pass.operation} and at_ms <= ${time} order by at_ms desc, seq desc limit 1`,
  );
  return row?.seq ?? -1;
}
