import type { RoomPass } from '#server/platform/access.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';

import { type Filter, kindsIn, matching } from '../timeline/conditions.ts';
import type { Stretch } from '../timeline/tally.ts';
import { BLOCK, label } from './labels.ts';

/** Beyond this many places a total is "at least". */
export const MOST = 10_000;
/** Pieces of text of one statement: an import has many in one place. */
const PIECES = 4 * MOST;

export type Sought = {
  readonly filter: Filter;
  readonly stretch: Stretch;
  /** A tsquery. */
  readonly query: string;
};

const columns = {
  kind: sql`w.kind`,
  outcome: sql`w.outcome`,
  officer: sql`w.officer_id`,
  country: sql`w.country`,
  compartment: sql`w.compartment_id`,
};

/**
 * Places that match, newest first, at least `enough` of them if there are: block by block from the newest, twice as
 * many each time, so that a common word is soon answered and a rare one in few statements.
 */
export async function placesWith(
  tx: Tx,
  pass: RoomPass,
  { filter, stretch, query }: Sought,
  { before, enough }: { before: number; enough: number },
): Promise<{ places: number[]; all: boolean }> {
  const object = filter.objectId === undefined ? sql`true` : sql`w.object_id = ${filter.objectId}`;
  const where = sql.join([...matching(pass, filter, columns), object], sql` and `);
  const labels = filterLabels(pass, filter);
  const top = Math.min(before, stretch.end);
  const places: number[] = [];
  let end = Math.floor((top - 1) / BLOCK) + 1;
  const lowest = Math.floor(stretch.first / BLOCK);
  for (let many = 1; end > lowest && top > stretch.first; many *= 2) {
    const start = Math.max(lowest, end - many);
    const blocks = Array.from(
      { length: end - start },
      (_, at) => `'${label.block(pass.operation, start + at)}'`,
    );
    // By the words alone, which name the record and its blocks too: a planner without statistics would rather read every
    // place of the record. Thousands of places come as one value: each row of an answer costs more than finding it did.
    const found = await oneRow<{ places: string | null; pieces: number }>(
      tx,
      sql`select string_agg(seq::text, ',' order by seq desc) as places, coalesce(sum(pieces), 0)::bigint as pieces from (
            select seq, count(*) as pieces from (
              select w.seq from (
                select log_id, seq, kind, outcome, officer_id, country, object_id, compartment_id from review_words
                where words @@ ${[`(${blocks.join(' | ')})`, ...labels, `(${query})`].join(' & ')}::tsquery offset 0
              ) w
              where w.log_id = ${pass.operation} and w.seq >= ${stretch.first} and w.seq < ${top} and ${where}
              ${many === 1 ? sql`` : sql`limit ${PIECES}`}
            ) t group by seq
          ) s`,
    );
    // More pieces than one statement takes: those it gave are not the newest, so the stretch is taken in smaller steps.
    if ((found?.pieces ?? 0) >= PIECES && many > 1) {
      many = 0.5;
      continue;
    }
    for (const place of found?.places?.split(',') ?? []) places.push(Number(place));
    end = start;
    if (places.length >= enough) return { places, all: end <= lowest };
  }
  return { places, all: true };
}

function filterLabels(pass: RoomPass, filter: Filter): string[] {
  const log = pass.operation;
  const labels: string[] = [];
  const kinds = kindsIn(filter);
  if (kinds !== null)
    labels.push(`(${kinds.map((kind) => `'${label.kind(log, kind)}'`).join(' | ') || "'@'"})`);
  if (filter.officerId !== undefined) labels.push(`'${label.officer(log, filter.officerId)}'`);
  if (filter.country !== undefined) labels.push(`'${label.country(log, filter.country)}'`);
  return labels;
}

/** What was found at these places, at most three pieces of text of each. */
export async function textsAt(
  tx: Tx,
  pass: RoomPass,
  { query, places }: { query: string; places: readonly number[] },
): Promise<ReadonlyMap<number, string[]>> {
  const found = await rows<{ seq: number; text: string }>(
    tx,
    sql`select p.seq, w.text from unnest(${[...places]}::bigint[]) as p (seq)
        cross join lateral (
          select w.text from review_words w
          where w.log_id = ${pass.operation} and w.seq = p.seq and (w.words || ''::tsvector) @@ ${query}::tsquery
            and ${sql.join(matching(pass, {} as Filter, columns), sql` and `)}
          order by w.part limit 3
        ) w`,
  );
  const texts = new Map<number, string[]>();
  for (const { seq, text } of found) texts.set(seq, [...(texts.get(seq) ?? []), excerpt(text)]);
  return texts;
}

function excerpt(text: string): string {
  const plain = text.replace('\f', '\n');
  return plain.length > 400 ? `${plain.slice(0, 399).toWellFormed()}…` : plain;
}
