import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { CompartmentId, OfficerId, OperationId } from '#shared/kernel/ids.ts';

/** An entry with its whole content, for the follower. Unfiltered: what it writes is filtered when it is read. */
export type FollowedEntry = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly outcome: 'ok' | 'refused';
  readonly officer_id: OfficerId | null;
  readonly country: string | null;
  readonly object_id: string | null;
  readonly compartment_id: CompartmentId | null;
  readonly form: 'json' | 'bytes' | null;
  readonly payload: Buffer | null;
};

export type Behind = { readonly id: OperationId; readonly head: number; readonly up_to: number };

/** Records that have grown beyond what is indexed. */
export function recordsBehind(tx: Tx): Promise<Behind[]> {
  return rows(
    tx,
    sql`select l.id, l.head, coalesce(p.up_to, 0) as up_to from logs l left join review_progress p on p.log_id = l.id
        where l.id <> 'hub' and l.head > coalesce(p.up_to, 0) order by l.id`,
  );
}

export async function progressOf(tx: Tx, log: OperationId): Promise<{ head: number; upTo: number }> {
  const row = await oneRow<{ head: number; up_to: number }>(
    tx,
    sql`select l.head, coalesce(p.up_to, 0) as up_to from logs l left join review_progress p on p.log_id = l.id
        where l.id = ${log}`,
  );
  return { head: row?.head ?? 0, upTo: row?.up_to ?? 0 };
}

/** The next entries, at most `limit` of them and about `weight` bytes of content; at least one. */
export function entriesFrom(
  tx: Tx,
  log: OperationId,
  { from, limit, weight }: { from: number; limit: number; weight: number },
): Promise<FollowedEntry[]> {
  return rows(
    tx,
    sql`select seq, at_ms, kind, outcome, officer_id, country, object_id, compartment_id, form, payload from (
          select e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.country, e.object_id, e.compartment_id, c.form, c.payload,
                 sum(coalesce(octet_length(c.payload), 0)) over (order by e.seq) - coalesce(octet_length(c.payload), 0) as before
          from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
          where e.log_id = ${log} and e.seq >= ${from} and e.seq < ${from + limit}
        ) t where before < ${weight} order by seq`,
  );
}

/** Changes of a board in `after < seq < before`. */
export async function boardBytes(
  tx: Tx,
  log: OperationId,
  { board, after, before }: { board: string; after: number; before: number },
): Promise<Buffer[]> {
  return (await boardActs(tx, log, { board, after, before })).map(({ payload }) => payload);
}

/** The same with their places, and who made them. */
export function boardActs(
  tx: Tx,
  log: OperationId,
  { board, after, before }: { board: string; after: number; before: number },
): Promise<{ seq: number; at_ms: number; officer_id: OfficerId | null; payload: Buffer }[]> {
  return rows(
    tx,
    sql`select e.seq, e.at_ms, e.officer_id, c.payload from entries e join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
        where e.log_id = ${log} and e.object_id = ${board} and e.kind = 'board.updated'
          and e.seq > ${after} and e.seq < ${before} order by e.seq`,
  );
}

export type WordsRow = Omit<FollowedEntry, 'form' | 'payload'> & {
  readonly part: number;
  readonly text: string;
  readonly words: string;
};

export type TallyRow = {
  readonly hour: number;
  readonly kind: string;
  readonly outcome: string;
  readonly country: string;
  readonly officer_id: string;
  readonly compartment_id: string;
  entries: number;
  readonly first_seq: number;
  last_seq: number;
};

export type Batch = {
  readonly log: OperationId;
  readonly from: number;
  readonly to: number;
  readonly words: readonly WordsRow[];
  readonly tally: readonly TallyRow[];
};

/**
 * Writes what follows from `from ≤ seq < to` if nobody has written it before; false if somebody has. Holds the
 * operation, so that words of contents that a purge destroys meanwhile are not written behind it.
 */
export async function writeBatch(tx: Tx, { log, from, to, words, tally }: Batch): Promise<boolean> {
  const operation = await oneRow<{ state: string }>(
    tx,
    sql`select state from operations where id = ${log} for share`,
  );
  await sql`insert into review_progress (log_id, up_to) values (${log}, 0) on conflict do nothing`.execute(
    tx,
  );
  const moved = await oneRow(
    tx,
    sql`update review_progress set up_to = ${to} where log_id = ${log} and up_to = ${from} returning 1`,
  );
  if (moved === null) return false;
  const gone = operation?.state === 'purging' || operation?.state === 'purged';
  if (words.length > 0 && !gone) await insertWords(tx, log, words);
  await addTally(tx, log, tally);
  return true;
}

async function insertWords(tx: Tx, log: OperationId, words: readonly WordsRow[]): Promise<void> {
  await sql`insert into review_words (log_id, seq, part, at_ms, kind, outcome, officer_id, country, object_id, compartment_id, text, words)
            select ${log}, seq, part, at_ms, kind, outcome, officer_id, country, object_id, compartment_id, text, words::tsvector
            from jsonb_to_recordset(${JSON.stringify(words)}::jsonb) as t (seq bigint, part integer, at_ms bigint, kind text,
              outcome text, officer_id text, country text, object_id text, compartment_id text, text text, words text)`.execute(
    tx,
  );
}

async function addTally(tx: Tx, log: OperationId, tally: readonly TallyRow[]): Promise<void> {
  await sql`insert into review_tally as held (log_id, hour, kind, outcome, country, officer_id, compartment_id, entries, first_seq, last_seq)
            select ${log}, hour, kind, outcome, country, officer_id, compartment_id, entries, first_seq, last_seq
            from jsonb_to_recordset(${JSON.stringify(tally)}::jsonb) as t (hour bigint, kind text, outcome text, country text,
              officer_id text, compartment_id text, entries bigint, first_seq bigint, last_seq bigint)
            on conflict (log_id, hour, kind, outcome, country, officer_id, compartment_id) do update
            set entries = held.entries + excluded.entries, last_seq = excluded.last_seq`.execute(tx);
}

/** Everything derived from one record is taken away; the follower builds it again from the beginning. */
export async function forgetIndex(tx: Tx, log: OperationId): Promise<void> {
  await sql`delete from review_words where log_id = ${log}`.execute(tx);
  await sql`delete from review_tally where log_id = ${log}`.execute(tx);
  await sql`delete from review_progress where log_id = ${log}`.execute(tx);
}
