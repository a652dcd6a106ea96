import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, type RawBuilder, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { bodyOf } from '#server/record/read.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { CompartmentId, OfficerId } from '#shared/kernel/ids.ts';
import type { Step } from '#shared/review/room.ts';

export type Row = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly outcome: 'ok' | 'refused';
  readonly officer_id: OfficerId | null;
  readonly country: string | null;
  readonly object_kind: string | null;
  readonly object_id: string | null;
  readonly compartment_id: CompartmentId | null;
  readonly payload: Buffer | null;
};

export const stepColumns = sql`e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.country, e.object_kind, e.object_id, e.compartment_id,
  case when c.form = 'json' then c.payload end as payload`;
export const stepSource = sql`entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq`;

/** What this reader may see of a record up to and with `seq`. */
export function seen(pass: RoomPass, seq: number): RawBuilder<unknown> {
  return sql`e.log_id = ${pass.operation} and e.seq <= ${seq} and e.outcome = 'ok'
    and ${visibleTo(pass, { compartment: sql`e.compartment_id`, by: sql`e.officer_id` })}`;
}

/** The kinds of which a room has few: all of them are read for every moment. */
export const frameKinds = [
  'operation.created',
  'operation.started',
  'operation.closed',
  'operation.review-begun',
  'operation.archived',
  'operation.purged',
  'member.added',
  'member.changed',
  'member.removed',
  'board.created',
];

/**
 * What a room's frame at that moment follows from: the operation, its people, its boards, and who came, as far as the
 * follower has counted.
 */
export async function frameSteps(tx: Tx, pass: RoomPass, seq: number): Promise<Step[]> {
  const few = await rows<Row>(
    tx,
    sql`select ${stepColumns} from ${stepSource} where ${seen(pass, seq)} and e.kind = any(${frameKinds}::text[]) order by e.seq`,
  );
  const visits = await rows<Row>(
    tx,
    sql`select t.* from (
          select distinct officer_id as id from review_tally
          where log_id = ${pass.operation} and kind = 'room.entered' and first_seq <= ${seq}
        ) o cross join lateral (
          select e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.country, e.object_kind, e.object_id, e.compartment_id,
                 null as payload
          from entries e where ${seen(pass, seq)} and e.officer_id = o.id and e.kind = 'room.entered' order by e.seq desc limit 1
        ) t`,
  );
  const boards = few
    .filter(({ kind }) => kind === 'board.created')
    .flatMap(({ object_id }) => object_id ?? []);
  const changed = await rows<Row>(
    tx,
    sql`select t.* from unnest(${boards}::text[]) as b (id) cross join lateral (
          select e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.country, e.object_kind, e.object_id, e.compartment_id,
                 null as payload
          from entries e where ${seen(pass, seq)} and e.object_id = b.id and e.kind = 'board.updated'
          order by e.seq desc limit 1
        ) t`,
  );
  return [...few, ...visits, ...changed].sort((a, b) => a.seq - b.seq).map(stepOf);
}

export type PageOf = { readonly seq: number; readonly before: number | undefined; readonly limit: number };

/** What the messages of one page follow from, and whether there are earlier ones. */
export async function messageSteps(
  tx: Tx,
  pass: RoomPass,
  { seq, before, limit }: PageOf,
): Promise<{ steps: Step[]; more: boolean }> {
  if (limit === 0) return { steps: [], more: false };
  const posted = await rows<Row>(
    tx,
    sql`select ${stepColumns} from ${stepSource} where ${seen(pass, Math.min(seq, (before ?? Number.MAX_SAFE_INTEGER) - 1))}
        and e.kind = 'message.posted' order by e.seq desc limit ${limit + 1}`,
  );
  const page = posted.slice(0, limit);
  const changes = await changesTo(
    tx,
    pass,
    seq,
    page.flatMap(({ object_id }) => object_id ?? []),
  );
  return { steps: inOrder([...page, ...changes]), more: posted.length > limit };
}

/** What the indicators of one page follow from: whole entries, newest first, until there are enough rows. */
export async function indicatorSteps(
  tx: Tx,
  pass: RoomPass,
  { seq, before, limit }: PageOf,
): Promise<{ steps: Step[]; more: boolean }> {
  const added: Row[] = [];
  let held = 0;
  for (let end = Math.min(seq, (before ?? Number.MAX_SAFE_INTEGER) - 1); held < limit; ) {
    const next = await rows<Row & { rows: number }>(
      tx,
      sql`select ${stepColumns} from ${stepSource} where ${seen(pass, end)}
          and e.kind in ('indicator.added', 'indicators.import-part') order by e.seq desc limit ${Math.min(limit - held, 20)}`,
    );
    for (const row of next) {
      if (held >= limit) break;
      added.push(row);
      held += row.kind === 'indicator.added' ? 1 : rowsIn(row);
    }
    const last = next.at(-1);
    if (last === undefined) break;
    end = last.seq - 1;
  }
  const lowest = added.at(-1)?.seq;
  const more =
    lowest !== undefined &&
    (await oneRow(
      tx,
      sql`select 1 from entries e where ${seen(pass, lowest - 1)} and e.kind in ('indicator.added', 'indicators.import-part') limit 1`,
    )) !== null;
  const ids = added.flatMap((row) => (row.kind === 'indicator.added' ? (row.object_id ?? []) : idsIn(row)));
  return { steps: inOrder([...added, ...(await changesTo(tx, pass, seq, ids))]), more };
}

/** Edits, withdrawals and changes of these items by then. */
function changesTo(tx: Tx, pass: RoomPass, seq: number, ids: readonly string[]): Promise<Row[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return rows(
    tx,
    sql`select ${stepColumns} from ${stepSource} where ${seen(pass, seq)} and e.object_id = any(${[...ids]}::text[])
        and e.kind in ('message.edited', 'message.withdrawn', 'indicator.changed', 'indicator.withdrawn') order by e.seq`,
  );
}

export function idsIn(row: Row): string[] {
  const { indicators } = (bodyOf(row) ?? {}) as { indicators?: readonly { id: string }[] };
  return indicators?.map(({ id }) => id) ?? [];
}

function rowsIn(row: Row): number {
  return idsIn(row).length;
}

function inOrder(given: readonly Row[]): Step[] {
  return [...given].sort((a, b) => a.seq - b.seq).map(stepOf);
}

export function stepOf(row: Row): Step {
  return {
    seq: row.seq,
    at: isoTime(row.at_ms),
    kind: row.kind,
    by: row.officer_id,
    country: row.country,
    object:
      row.object_kind === null || row.object_id === null
        ? null
        : { kind: row.object_kind, id: row.object_id },
    outcome: row.outcome,
    compartment: row.compartment_id,
    body: bodyOf(row),
  };
}
