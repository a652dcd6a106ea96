import type { RoomPass } from '#server/platform/access.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';

import { type Filter, matching, placeAt } from './conditions.ts';
import { entryConditions, type Stretch, type Tally } from './tally.ts';

/** A line of the timeline before its entry is read: where it stands, and how far it reaches. */
export type Line = {
  readonly seq: number;
  count: number;
  firstSeq: number;
  firstMs: number;
  readonly board: { readonly id: string; readonly officer: string | null } | null;
};

type Light = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly officer_id: string | null;
  readonly object_id: string | null;
};
type FoldKey = string;

const MINUTE = 60_000;
const CHUNK = 2_000;
/** Hours of one statement; between them nothing matches, so nothing is read. */
const HOURS = 48;

export type Asked = {
  readonly filter: Filter;
  readonly stretch: Stretch;
  readonly before: number;
  readonly limit: number;
  readonly tally: readonly Tally[];
};

/**
 * A page of lines, newest first. Changes of one board by one officer in one minute are one line, at its newest change,
 * with a count of all of them, whatever page they are on. [RV-6]
 */
export async function pageOfLines(
  tx: Tx,
  pass: RoomPass,
  asked: Asked,
): Promise<{ lines: Line[]; next: number | null }> {
  const lines: Line[] = [];
  const folds = new Map<FoldKey, Line>();
  const skipped = await shownBefore(tx, pass, asked);
  let last: Light | null = null;
  for await (const row of matchingRows(tx, pass, asked)) {
    const key = foldOf(row);
    if (key !== null && skipped.has(key)) continue;
    const held = key === null ? undefined : folds.get(key);
    if (held === undefined && lines.length === asked.limit) {
      await finishFolds(tx, pass, { asked, folds, after: last });
      return { lines, next: last?.seq ?? null };
    }
    last = row;
    if (held !== undefined) {
      extend(held, { count: 1, firstSeq: row.seq, firstMs: row.at_ms });
      continue;
    }
    const line: Line = {
      seq: row.seq,
      count: 1,
      firstSeq: row.seq,
      firstMs: row.at_ms,
      board: key === null || row.object_id === null ? null : { id: row.object_id, officer: row.officer_id },
    };
    lines.push(line);
    if (key !== null) folds.set(key, line);
  }
  return { lines, next: null };
}

/** Newest first, chunk by chunk, in the hours in which the tally has entries. */
export async function* matchingRows(
  tx: Tx,
  pass: RoomPass,
  { filter, before, stretch, tally }: Asked,
  atOnce = CHUNK,
): AsyncGenerator<Light> {
  const hours = hoursOf(tally).filter(({ first }) => first < before);
  const object = filter.objectId === undefined ? sql`true` : sql`e.object_id = ${filter.objectId}`;
  const where = sql.join([...matching(pass, filter, entryConditions), object], sql` and `);
  while (hours.length > 0) {
    const now = takeHours(hours, atOnce);
    let end = Math.min(before, stretch.end);
    for (;;) {
      const chunk = await rows<Light>(
        tx,
        // By a limit of its own each hour is read by its places, whatever the planner thinks of the filters.
        sql`select t.* from unnest(${now.map(({ first }) => first)}::bigint[], ${now.map(({ last }) => last)}::bigint[]) as r (first, last)
            cross join lateral (
              select e.seq, e.at_ms, e.kind, e.officer_id, e.object_id from entries e
              where e.log_id = ${pass.operation} and e.seq >= r.first and e.seq <= r.last
                and e.seq >= ${stretch.first} and e.seq < ${end} and ${where}
              order by e.seq desc limit ${atOnce}
            ) t order by t.seq desc limit ${atOnce}`,
      );
      yield* chunk;
      const lowest = chunk.at(-1);
      if (chunk.length < atOnce || lowest === undefined) break;
      end = lowest.seq;
    }
  }
}

type HourSpan = { readonly first: number; readonly last: number; readonly entries: number };

/** Newest first. */
function hoursOf(tally: readonly Tally[]): HourSpan[] {
  const spans = new Map<number, HourSpan>();
  for (const { hour, first_seq, last_seq, entries } of tally) {
    const held = spans.get(hour);
    spans.set(hour, {
      first: Math.min(first_seq, held?.first ?? first_seq),
      last: Math.max(last_seq, held?.last ?? last_seq),
      entries: entries + (held?.entries ?? 0),
    });
  }
  return [...spans.entries()].sort(([a], [b]) => b - a).map(([, span]) => span);
}

function takeHours(hours: HourSpan[], atOnce: number): HourSpan[] {
  const taken: HourSpan[] = [];
  for (let entries = 0; hours.length > 0 && taken.length < HOURS && entries < atOnce; ) {
    const next = hours.shift();
    if (next === undefined) break;
    taken.push(next);
    entries += next.entries;
  }
  return taken;
}

function foldOf({ kind, officer_id, object_id, at_ms }: Light): FoldKey | null {
  return kind === 'board.updated' ? `${officer_id} ${object_id} ${Math.floor(at_ms / MINUTE)}` : null;
}

function extend(line: Line, more: { count: number; firstSeq: number; firstMs: number }): void {
  line.count += more.count;
  line.firstSeq = Math.min(line.firstSeq, more.firstSeq);
  line.firstMs = Math.min(line.firstMs, more.firstMs);
}

type Rest = {
  readonly officer_id: string | null;
  readonly object_id: string | null;
  readonly count: number;
  readonly first_seq: number;
  readonly first_ms: number;
};

/** What the page's lines have below its end: within the minute of its last entry, nowhere else. */
async function finishFolds(
  tx: Tx,
  pass: RoomPass,
  { asked, folds, after }: { asked: Asked; folds: ReadonlyMap<FoldKey, Line>; after: Light | null },
): Promise<void> {
  if (after === null) return;
  const minute = Math.floor(after.at_ms / MINUTE);
  const first = await placeAt(tx, pass, minute * MINUTE);
  const rest = await inMinute(tx, pass, asked, { first, end: after.seq });
  for (const { officer_id, object_id, count, first_seq, first_ms } of rest) {
    const line = folds.get(`${officer_id} ${object_id} ${minute}`);
    if (line !== undefined) extend(line, { count, firstSeq: first_seq, firstMs: first_ms });
  }
}

/** Lines that stand on the page before and reach beyond it. */
async function shownBefore(tx: Tx, pass: RoomPass, asked: Asked): Promise<ReadonlySet<FoldKey>> {
  if (asked.before === Number.MAX_SAFE_INTEGER) return new Set();
  const [edge] = await rows<{ at_ms: number }>(
    tx,
    sql`select at_ms from entries where log_id = ${pass.operation} and seq = ${asked.before}`,
  );
  if (edge === undefined) return new Set();
  const minute = Math.floor(edge.at_ms / MINUTE);
  const end = await placeAt(tx, pass, (minute + 1) * MINUTE);
  const shown = await inMinute(tx, pass, asked, { first: asked.before, end });
  return new Set(shown.map(({ officer_id, object_id }) => `${officer_id} ${object_id} ${minute}`));
}

/** Between two places of one minute. By places, never by time: of a stretch of both the planner thinks it is long. */
function inMinute(
  tx: Tx,
  pass: RoomPass,
  { filter, stretch }: Asked,
  { first, end }: Stretch,
): Promise<Rest[]> {
  const object = filter.objectId === undefined ? sql`true` : sql`e.object_id = ${filter.objectId}`;
  const where = [...matching(pass, filter, entryConditions), object];
  return rows(
    tx,
    sql`select e.officer_id, e.object_id, count(*) as count, min(e.seq) as first_seq, min(e.at_ms) as first_ms
        from entries e where e.log_id = ${pass.operation} and e.kind = 'board.updated'
          and e.seq >= ${Math.max(first, stretch.first)} and e.seq < ${Math.min(end, stretch.end)}
          and ${sql.join(where, sql` and `)} group by 1, 2`,
  );
}
