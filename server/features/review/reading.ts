import { createHash } from 'node:crypto';

import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, sql, type Tx } from '#server/platform/storage/store.ts';
import { bodyOf } from '#server/record/read.ts';
import { canonicalJson } from '#shared/kernel/canonical-json.ts';
import { refuse } from '#shared/kernel/failures.ts';
import { record } from '#shared/review/read-json.ts';

/** A reading lasts this long; then it is opened, and put on the record, again. */
const LASTS = 24 * 3_600_000;

/** Refuses unless this officer has opened a reading of one of these kinds, which stands on the record at `seq`. [RV-12] */
export async function mustHaveOpened(
  tx: Tx,
  { pass, now }: { readonly pass: RoomPass; readonly now: number },
  {
    reading,
    what,
    query,
  }: { readonly reading: number; readonly what: readonly string[]; readonly query?: string },
): Promise<void> {
  const row = await oneRow<{ at_ms: number; payload: Buffer | null }>(
    tx,
    sql`select e.at_ms, c.payload from entries e join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${pass.operation} and e.seq = ${reading} and e.kind = 'record.consulted'
          and e.officer_id = ${pass.session.officer}`,
  );
  const body = row === null ? {} : record(bodyOf(row));
  const opened =
    row !== null &&
    now - row.at_ms < LASTS &&
    what.some((one) => one === body.what) &&
    (query === undefined || query === body.query);
  if (!opened) throw refuse('bad.request', { where: 'reading', what: 'open a reading of the record first' });
}

/** Tells one search from another, without its words. */
export function digestOf(sought: object): string {
  const text = canonicalJson(JSON.parse(JSON.stringify(sought)));
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
