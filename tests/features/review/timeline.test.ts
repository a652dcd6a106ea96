import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import type { TimelineRow } from '#shared/contracts/review-timeline.ts';
import { timelineGroups } from '#shared/contracts/review-timeline.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { groupOf } from '#shared/review/groups.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { readingBy } from './reading.ts';
import { type Story, tellStory } from './story.ts';
import { reviewBy } from './support.ts';

let hub: TestHub;
let story: Story;

beforeAll(async () => {
  hub = await startHub();
  story = await tellStory(hub, { seed: 7, acts: 80 });
  const { operation } = story;
  const jonas = await hub.signIn('jonas');
  await jonas.get(`/operations/${operation.id}/members`);
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[operation.main]}
        where operation_id = ${operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
}, 120_000);
afterAll(stopHubs);

type Given = Record<string, string | number>;

async function allRows(
  officer: TestOfficer,
  given: Given = {},
): Promise<{ rows: TimelineRow[]; total: number; counted: number }> {
  const rows: TimelineRow[] = [];
  for (let before: number | null = 1e9; before !== null; ) {
    const page = await readingBy(officer, story.operation).timeline({
      ...given,
      limit: 7,
      ...(before < 1e9 && { before }),
    });
    rows.push(...page.rows);
    before = page.next;
    if (before === null)
      return { rows, total: page.total, counted: page.density.reduce((sum, { count }) => sum + count, 0) };
  }
  throw new Error('no page');
}

/** Every entry this reader may see, by the older call. */
async function allEntries(officer: TestOfficer): Promise<EntryOnWire[]> {
  const entries: EntryOnWire[] = [];
  for (let before = 1e9; ; ) {
    const page = await reviewBy(officer, story.operation).entries({ limit: '200', before: String(before) });
    entries.push(...page.entries);
    if (!page.more) return entries;
    before = page.entries.at(-1)?.seq ?? 0;
  }
}

const foldKey = ({ by, object, at }: EntryOnWire) => `${by?.officer} ${object?.id} ${at.slice(0, 16)}`;

/** The lines that follow from the entries: what the rule says, written without pages. */
function linesOf(entries: readonly EntryOnWire[]): [number, number, number][] {
  const folds = new Map<string, [number, number, number]>();
  return entries.flatMap((entry) => {
    const held = entry.kind === 'board.updated' ? folds.get(foldKey(entry)) : undefined;
    if (held !== undefined) {
      held[1] += 1;
      held[2] = entry.seq;
      return [];
    }
    const line: [number, number, number] = [entry.seq, 1, entry.seq];
    if (entry.kind === 'board.updated') folds.set(foldKey(entry), line);
    return [line];
  });
}

test.each(['tan.wei', 'amelie'])(
  '[RV-1] [RV-6] pages hold every line once, with all of it, as %s may see it',
  async (handle) => {
    const officer = await hub.signIn(handle);
    const entries = await allEntries(officer);
    const { rows, total, counted } = await allRows(officer);
    expect(rows.map(({ entry, count, firstSeq }) => [entry.seq, count, firstSeq])).toEqual(linesOf(entries));
    expect([total, counted]).toEqual([entries.length, entries.length]);
    expect(rows.some(({ count }) => count > 1)).toBe(true);
    const folded = rows.filter(({ entry, count }) => entry.kind === 'board.updated' && count > 1);
    expect(folded.every(({ sentences }) => sentences.length > 0 && sentences.length <= 5)).toBe(true);
  },
);

test('[RV-1] every filter, alone and together, gives the entries that meet it', async () => {
  const tan = await hub.signIn('tan.wei');
  const entries = await allEntries(tan);
  const { operation } = story;
  const middle = entries[Math.floor(entries.length / 2)]?.at ?? '';
  const cases: [Given, (entry: EntryOnWire) => boolean][] = [
    [{ country: 'TH' }, (entry) => entry.country === 'TH'],
    [{ officerId: hub.officerId('jonas') }, (entry) => entry.by?.handle === 'jonas'],
    [{ kind: 'message.posted' }, (entry) => entry.kind === 'message.posted'],
    [{ objectId: story.board }, (entry) => entry.object?.id === story.board],
    [{ outcome: 'refused' }, (entry) => entry.outcome === 'refused'],
    [{ compartment: operation.partners }, (entry) => entry.compartment === operation.partners],
    [{ from: middle }, (entry) => entry.at >= middle],
    [{ until: middle }, (entry) => entry.at < middle],
    [
      { country: 'SG', group: 'chat', until: middle },
      (entry) => entry.country === 'SG' && entry.kind.startsWith('message.') && entry.at < middle,
    ],
    ...timelineGroups.map((group): [Given, (entry: EntryOnWire) => boolean] => [
      { group },
      (entry) => groupOf(entry.kind, entry.outcome) === group,
    ]),
  ];
  for (const [given, meets] of cases) {
    const expected = entries.filter(meets);
    const { rows, total, counted } = await allRows(tan, given);
    expect([given, rows.map(({ entry, count }) => [entry.seq, count])]).toEqual([
      given,
      linesOf(expected).map(([seq, count]) => [seq, count]),
    ]);
    expect([given, total, counted]).toEqual([given, expected.length, expected.length]);
  }
  expect(entries.some(({ outcome }) => outcome === 'refused')).toBe(true);
});

test('[RV-1] officers and partners do not read the list', async () => {
  for (const handle of ['chanida', 'jonas']) {
    const officer = await hub.signIn(handle);
    expect((await officer.get(`/operations/${story.operation.id}/timeline`)).status).toBe(403);
  }
});
