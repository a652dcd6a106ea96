import type { RoomPass } from '#server/platform/access.ts';
import { type Context, type Handler, work } from '#server/platform/http/commands.ts';
import { type CommitDeps, commitActs } from '#server/platform/http/commit.ts';
import type { Store, Tx } from '#server/platform/storage/store.ts';
import type { BodyOf, ReplyOf } from '#shared/contracts/contract.ts';
import { readFound, searchRecord } from '#shared/contracts/review-timeline.ts';
import { refuse } from '#shared/kernel/failures.ts';
import { groupOf } from '#shared/review/groups.ts';
import { wordsOf, writeQuery } from '#shared/review/words.ts';

import { digestOf, mustHaveOpened } from '../reading.ts';
import { type Filter, placesOf } from '../timeline/conditions.ts';
import { entriesAt } from '../timeline/entries-at.ts';
import { MOST, placesWith, textsAt } from './find.ts';
import type { Follower } from './follower.ts';

export type SearchDeps = {
  readonly store: Store;
  readonly follower: Follower;
  readonly commit: CommitDeps;
};

type Found = ReplyOf<typeof searchRecord>;
type Asked = {
  readonly text: string;
  readonly filter: Filter;
  readonly reading: number;
  readonly before: number | undefined;
  readonly limit: number;
};

/** [RV-2] … [RV-5], and the search itself on the record. [RV-12] */
export function searchHandlers({ store, follower, commit }: SearchDeps): Handler[] {
  return [
    work({
      call: searchRecord,
      async work(context, input) {
        const { text, filter } = partsOf(input);
        queryOf(text);
        // The entry is committed first, and alone: a search holds no record.
        const reading = await enterSearch(commit, context, { text, filter, purpose: input.purpose });
        await follower.caughtUp(context.pass.operation);
        const asked = { text, filter, reading, before: undefined, limit: input.limit };
        return store.read((tx) => search(tx, context.pass, asked));
      },
    }),
    work({
      call: readFound,
      async work({ pass, now }, input) {
        const { text, filter } = partsOf(input);
        await follower.caughtUp(pass.operation);
        return store.read(async (tx) => {
          const { reading, before, limit } = input;
          const query = digestOf({ text, ...filter });
          await mustHaveOpened(tx, { pass, now }, { reading, what: ['search'], query });
          return search(tx, pass, { text, filter, reading, before, limit });
        });
      },
    }),
  ];
}

async function enterSearch(
  commit: CommitDeps,
  { pass, session, commandId, now }: Context<typeof searchRecord>,
  { text, filter, purpose }: { text: string; filter: Filter; purpose: string },
): Promise<number> {
  const body = {
    purpose,
    what: 'search',
    query: digestOf({ text, ...filter }),
    words: wordsOf(text).length,
    filters: Object.keys(filter).sort(),
  };
  const object = { kind: 'operation', id: pass.operation };
  const actor = { call: searchRecord.name, session, pass, commandId, now, secretReply: false };
  const { reply } = await commitActs(commit, actor, async () => ({
    facts: [{ kind: 'record.consulted' as const, object, compartment: pass.main, body }],
    reply: ([at]) => ({ reading: at?.seq ?? -1 }),
  }));
  return reply.reading;
}

function partsOf(input: BodyOf<typeof searchRecord> | BodyOf<typeof readFound>): {
  text: string;
  filter: Filter;
} {
  const { text, country, officerId, kind, group, objectId, outcome, compartment, from, until } = input;
  const all = { country, officerId, kind, group, objectId, outcome, compartment, from, until };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return { text, filter: Object.fromEntries(given) as Filter };
}

function queryOf(text: string): string {
  const query = writeQuery(text);
  if (query === null) throw refuse('bad.request', { where: 'text', what: 'there is no word in it' });
  return query;
}

async function search(
  tx: Tx,
  pass: RoomPass,
  { text, filter, reading, before, limit }: Asked,
): Promise<Found> {
  const query = queryOf(text);
  const { asOf, ...stretch } = await placesOf(tx, pass, filter);
  const sought = { filter, stretch, query };
  const newest = await placesWith(tx, pass, sought, { before: asOf, enough: MOST + 1 });
  const rest = before === undefined ? newest.places : newest.places.filter((seq) => seq < before);
  const enough = rest.length > limit || newest.all || before === undefined;
  const { places } = enough
    ? { places: rest }
    : await placesWith(tx, pass, sought, { before, enough: limit + 1 });
  const page = places.slice(0, limit);
  const entries = await entriesAt(tx, pass, page);
  const texts = await textsAt(tx, pass, { query, places: page });
  return {
    asOf,
    reading,
    rows: page.flatMap((seq) => {
      const entry = entries.get(seq);
      if (entry === undefined) return [];
      return [{ entry, group: groupOf(entry.kind, entry.outcome), texts: texts.get(seq) ?? [] }];
    }),
    total: Math.min(newest.places.length, MOST),
    totalIs: newest.all && newest.places.length <= MOST ? 'exact' : 'at least',
    next: places.length > limit ? (page.at(-1) ?? null) : null,
  };
}
