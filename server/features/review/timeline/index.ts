import { visibleTo } from '#server/features/operations/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { type Handler, work } from '#server/platform/http/commands.ts';
import { rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { BodyOf, ReplyOf } from '#shared/contracts/contract.ts';
import { readTimeline, type TimelineRow } from '#shared/contracts/review-timeline.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { groupOf } from '#shared/review/groups.ts';

import type { Follower } from '../words/follower.ts';
import { placesOf } from './conditions.ts';
import { entriesAt } from './entries-at.ts';
import { type Line, pageOfLines } from './lines.ts';
import { densityOf, tallyOf, totalOf } from './tally.ts';

export type TimelineDeps = { readonly store: Store; readonly follower: Follower };

/** Sentences told of one line. */
const TOLD = 5;

/** [RV-1] [RV-6] */
export function timelineHandler({ store, follower }: TimelineDeps): Handler {
  return work({
    call: readTimeline,
    async work({ pass }, input) {
      await follower.caughtUp(pass.operation);
      return store.read((tx) => timeline(tx, pass, input));
    },
  });
}

async function timeline(
  tx: Tx,
  pass: RoomPass,
  { before = Number.MAX_SAFE_INTEGER, limit, operationId: _given, ...filter }: BodyOf<typeof readTimeline>,
): Promise<ReplyOf<typeof readTimeline>> {
  const { asOf, ...stretch } = await placesOf(tx, pass, filter);
  const tally = await tallyOf(tx, pass, filter, stretch);
  const { lines, next } = await pageOfLines(tx, pass, { filter, stretch, before, limit, tally });
  const entries = await entriesAt(
    tx,
    pass,
    lines.map(({ seq }) => seq),
  );
  const sentences = await sentencesOf(tx, pass, lines);
  return {
    asOf,
    rows: lines.flatMap((line): TimelineRow[] => {
      const entry = entries.get(line.seq);
      if (entry === undefined) return [];
      return [
        {
          entry,
          group: groupOf(entry.kind, entry.outcome),
          count: line.count,
          firstSeq: line.firstSeq,
          firstAt: isoTime(line.firstMs),
          sentences: sentences.get(line.seq) ?? [],
        },
      ];
    }),
    total: totalOf(tally),
    next,
    density: densityOf(tally),
  };
}

async function sentencesOf(
  tx: Tx,
  pass: RoomPass,
  lines: readonly Line[],
): Promise<ReadonlyMap<number, string[]>> {
  const onBoards = lines.filter(({ board }) => board !== null);
  if (onBoards.length === 0) return new Map();
  const found = await rows<{ line: number; text: string }>(
    tx,
    sql`select r.line, w.text
        from unnest(${onBoards.map(({ seq }) => seq)}::bigint[], ${onBoards.map(({ firstSeq }) => firstSeq)}::bigint[],
                    ${onBoards.map(({ board }) => board?.id ?? '')}::text[], ${onBoards.map(({ board }) => board?.officer ?? '')}::text[])
               as r (line, first, board, officer)
        cross join lateral (
          select w.text from review_words w
          where w.log_id = ${pass.operation} and w.seq >= r.first and w.seq <= r.line and w.object_id = r.board
            and coalesce(w.officer_id, '') = r.officer and w.kind = 'board.updated'
            and ${visibleTo(pass, { compartment: sql`w.compartment_id`, by: sql`w.officer_id` })}
          order by w.seq desc limit 50
        ) w`,
  );
  const told = new Map<number, string[]>();
  for (const { line, text } of found) {
    const held = told.get(line) ?? [];
    const [sentences = ''] = text.split('\f');
    for (const one of sentences.split('\n'))
      if (one !== '' && held.length < TOLD && !held.includes(one)) held.push(one);
    told.set(line, held);
  }
  return told;
}
