import type { LogId } from '#server/platform/facts.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';

/** The end of an export, or a certificate, to be sealed under the entry that it has on the record. */
export type SealRequest = { readonly log: LogId; readonly seq: number; readonly text: string };

/** What nobody has fetched in this time was given up. */
const STALE = 10 * 60_000;

/** Parts of a mirror have one entry: a request that was given up makes way for the next. */
export async function askForSeal(tx: Tx, { log, seq, text }: SealRequest, now: number): Promise<void> {
  await sql`insert into seal_requests (log_id, seq, text, asked_ms) values (${log}, ${seq}, ${text}, ${now})
            on conflict (log_id, seq) do update set text = excluded.text, seal = null, asked_ms = excluded.asked_ms
            where seal_requests.text <> excluded.text`.execute(tx);
}

/** null while it is not sealed. */
export async function readSeal(tx: Tx, { log, seq, text }: SealRequest): Promise<string | null> {
  const row = await oneRow<{ seal: string | null }>(
    tx,
    sql`select seal from seal_requests where log_id = ${log} and seq = ${seq} and text = ${text}`,
  );
  return row?.seal ?? null;
}

export async function dropSealRequest(tx: Tx, { log, seq, text }: SealRequest): Promise<void> {
  await sql`delete from seal_requests where log_id = ${log} and seq = ${seq} and text = ${text}`.execute(tx);
}

export type OpenRequest = SealRequest & {
  readonly origin: string;
  readonly kind: 'record.exported' | 'record.mirrored' | 'operation.purged';
};

/** Only those whose entry is an export, a mirror or a purge on the record: nothing else is sealed. */
export function openSealRequests(tx: Tx): Promise<OpenRequest[]> {
  return rows(
    tx,
    sql`select r.log_id as log, r.seq, r.text, l.origin, e.kind from seal_requests r
        join logs l on l.id = r.log_id
        join entries e on e.log_id = r.log_id and e.seq = r.seq and e.outcome = 'ok'
          and e.kind in ('record.exported', 'record.mirrored', 'operation.purged')
        where r.seal is null order by r.asked_ms limit 20`,
  );
}

export async function answerSealRequest(
  tx: Tx,
  { log, seq, text }: SealRequest,
  answer: { readonly seal: string; readonly now: number },
): Promise<void> {
  await sql`update seal_requests set seal = ${answer.seal}
            where log_id = ${log} and seq = ${seq} and text = ${text} and seal is null`.execute(tx);
  await sql`delete from seal_requests where asked_ms < ${answer.now - STALE}`.execute(tx);
}
