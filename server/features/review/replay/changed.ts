import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { bodyOf } from '#server/record/read.ts';
import { number, record } from '#shared/review/read-json.ts';
import type { Step } from '#shared/review/room.ts';

import { type Row, seen, stepColumns, stepOf, stepSource } from './select.ts';

/** The kinds by which messages and indicators change. */
export const changing = [
  'message.posted',
  'message.edited',
  'message.withdrawn',
  'indicator.added',
  'indicator.changed',
  'indicator.withdrawn',
  'indicators.import-part',
];

/** Everything that the newest of the changed messages and indicators follow from, from their beginning on. */
export async function changedSteps(
  tx: Tx,
  pass: RoomPass,
  { from, to, most }: { from: number; to: number; most: number },
): Promise<Step[]> {
  const found = await rows<Row>(
    tx,
    sql`select ${stepColumns} from ${stepSource} where ${seen(pass, to)} and e.seq > ${from}
        and e.kind = any(${changing}::text[]) order by e.seq desc limit ${most}`,
  );
  const ids = [...new Set(found.flatMap(({ object_id }) => object_id ?? []))];
  const whole = await rows<Row>(
    tx,
    sql`select ${stepColumns} from ${stepSource} where ${seen(pass, to)} and e.object_id = any(${ids}::text[])
        and e.kind = any(${changing.filter((kind) => kind !== 'indicators.import-part')}::text[])`,
  );
  const parts = await importsOf(tx, pass, { to, of: whole });
  const bySeq = new Map([...found, ...whole, ...parts].map((row) => [row.seq, row]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).map(stepOf);
}

/** A withdrawal says where its indicator came from: rows of imports have no entry of their own. */
function importsOf(tx: Tx, pass: RoomPass, { to, of }: { to: number; of: readonly Row[] }): Promise<Row[]> {
  const origins = of
    .filter(({ kind }) => kind === 'indicator.withdrawn' || kind === 'indicator.changed')
    .flatMap((row) => number(record(bodyOf(row)).seq) ?? []);
  if (origins.length === 0) return Promise.resolve([]);
  return rows(
    tx,
    sql`select ${stepColumns} from ${stepSource} where ${seen(pass, to)} and e.seq = any(${[...new Set(origins)]}::bigint[])
        and e.kind = 'indicators.import-part'`,
  );
}
