import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';

import { placesOf } from '../timeline/conditions.ts';
import { tallyOf, totalOf } from '../timeline/tally.ts';
import { changing } from './changed.ts';
import { seen } from './select.ts';

/** Rows of parts of imports, by record and place: what stands there never changes. */
const sizes = new Map<string, number>();
const KEPT = 10_000;

/** Messages posted and indicators active by then, as far as this reader may see them. */
export async function totalsAt(
  tx: Tx,
  pass: RoomPass,
  seq: number,
): Promise<{ messages: number; indicators: number }> {
  const messages = await countKind(tx, pass, 'message.posted', seq);
  const added = await countKind(tx, pass, 'indicator.added', seq);
  const withdrawn = await withdrawnBy(tx, pass, seq);
  return { messages, indicators: added + (await importedBy(tx, pass, seq)) - withdrawn };
}

async function countKind(
  tx: Tx,
  pass: RoomPass,
  kind: 'message.posted' | 'indicator.added',
  seq: number,
): Promise<number> {
  const { first, end } = await placesOf(tx, pass, {});
  return totalOf(await tallyOf(tx, pass, { kind, outcome: 'ok' }, { first, end: Math.min(end, seq + 1) }));
}

async function withdrawnBy(tx: Tx, pass: RoomPass, seq: number): Promise<number> {
  const row = await oneRow<{ count: number }>(
    tx,
    sql`select count(distinct e.object_id) as count from entries e where ${seen(pass, seq)} and e.kind = 'indicator.withdrawn'`,
  );
  return row?.count ?? 0;
}

async function importedBy(tx: Tx, pass: RoomPass, seq: number): Promise<number> {
  const parts = await rows<{ seq: number }>(
    tx,
    sql`select e.seq from entries e where ${seen(pass, seq)} and e.kind = 'indicators.import-part'`,
  );
  return rowsOfParts(
    tx,
    pass,
    parts.map((part) => part.seq),
  );
}

async function rowsOfParts(tx: Tx, pass: RoomPass, parts: readonly number[]): Promise<number> {
  const key = (at: number) => `${pass.operation} ${at}`;
  if (sizes.size > KEPT) sizes.clear();
  const unknown = parts.filter((at) => !sizes.has(key(at)));
  for (let at = 0; at < unknown.length; at += 50) {
    const read = await rows<{ seq: number; rows: number }>(
      tx,
      sql`select seq, jsonb_array_length(body -> 'indicators') as rows from (
            select seq, convert_from(payload, 'UTF8')::jsonb as body from entry_contents
            where log_id = ${pass.operation} and seq = any(${unknown.slice(at, at + 50)}::bigint[]) and form = 'json'
          ) t where jsonb_typeof(body -> 'indicators') = 'array'`,
    );
    for (const one of read) sizes.set(key(one.seq), one.rows);
  }
  return parts.reduce((sum, at) => sum + (sizes.get(key(at)) ?? 0), 0);
}

/** Messages and indicators that something happened to in `from < seq ≤ to`. */
export async function changedBetween(
  tx: Tx,
  pass: RoomPass,
  from: number,
  to: number,
): Promise<{ messages: number; indicators: number }> {
  const row = await oneRow<{ messages: number; indicators: number; parts: number[] | null }>(
    tx,
    sql`select count(distinct e.object_id) filter (where e.kind like 'message.%') as messages,
               count(distinct e.object_id) filter (where e.kind like 'indicator.%') as indicators,
               array_agg(e.seq) filter (where e.kind = 'indicators.import-part') as parts
        from entries e where ${seen(pass, to)} and e.seq > ${from} and e.kind = any(${changing}::text[])`,
  );
  const imported = await rowsOfParts(tx, pass, (row?.parts ?? []).map(Number));
  return { messages: row?.messages ?? 0, indicators: (row?.indicators ?? 0) + imported };
}
