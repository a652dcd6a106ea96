import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { addCard, editCard, moveCards } from '#shared/board/card.ts';
import type { CardId } from '#shared/board/document.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readAccess, whoSaw } from '#shared/contracts/review-access.ts';
import type { compareMoments, readStrip } from '#shared/contracts/review-replay.ts';
import { asId } from '#shared/kernel/ids.ts';
import { groupOf } from '#shared/review/groups.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

import { layGlacier } from './glacier.ts';
import { readingBy } from './reading.ts';
import { importOf, tellStory } from './story.ts';
import { reviewBy } from './support.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

const card = (n: number) => asId<CardId>(String(n).repeat(32));
const by = { by: 'hand' };

test('[RV-20] each difference names the newest entry that had a part in it, and who made it', async () => {
  const { operation, at, tan, chanida, say, ...glacier } = await layGlacier(hub);
  const board = await glacier.board('Flow');
  const peer = await glacier.peer(tan, board);
  const createdBy = hub.officerId('tan.wei');
  const note = { kind: 'note', x: 0, y: 0, tlp: 'AMBER', createdBy } as const;
  addCard(peer.doc, { id: card(1), title: 'Old name', ...note }, by);
  addCard(peer.doc, { id: card(2), title: 'Still', ...note, x: 400 }, by);
  await peer.acknowledged();
  const message = await say(chanida, 'Before');
  const review = readingBy(tan, operation);
  const reading = await review.open('comparison');
  moveCards(peer.doc, [{ id: card(1), x: 70, y: 5 }], by);
  await peer.acknowledged();
  const other = await glacier.peer(chanida, board);
  editCard(other.doc, { id: card(1), title: 'New name' }, by);
  await other.acknowledged();
  for (const one of [peer, other]) one.hangUp();
  await chanida.must('POST', `${at}/messages/${message.id}/edit`, { text: 'After' });
  const [imported] = await importOf(tan, operation, 1, 1);
  await tan.must('POST', `${at}/members`, { officerId: hub.officerId('sari'), role: 'officer' });
  await tan.must('POST', `${at}/close`, { reason: 'Done' });
  const { entries } = await reviewBy(tan, operation).entries({ limit: '200' });
  const newest = (kind: string, handle: string) =>
    entries.find((one) => one.kind === kind && one.by?.handle === handle)?.seq ?? Number.NaN;
  const told = await review.get<ReplyOf<typeof compareMoments>>('/replay/comparison', {
    reading,
    from: reading,
    to: 1e6,
  });
  const lastOf = (kind: string, handle: string) => ({
    seq: newest(kind, handle),
    at: entries.find(({ seq }) => seq === newest(kind, handle))?.at,
    by: hub.officerId(handle),
  });
  expect(told.operation.map(({ last }) => last)).toEqual([lastOf('operation.closed', 'tan.wei')]);
  expect(told.members.map(({ last }) => last)).toEqual([lastOf('member.added', 'tan.wei')]);
  expect(told.messages.rows.map(({ last }) => last)).toEqual([lastOf('message.edited', 'chanida')]);
  expect(told.indicators.rows.map(({ id, last }) => [id, last])).toEqual([
    [imported, lastOf('indicators.import-part', 'tan.wei')],
  ]);
  const [drawn] = told.boards;
  expect(drawn?.changes.map(({ what, field, last }) => [what, field, last])).toEqual([
    ['edited', 'title', lastOf('board.updated', 'chanida')],
    ['moved', null, lastOf('board.updated', 'tan.wei')],
  ]);
  expect(drawn?.last).toEqual(lastOf('board.updated', 'chanida'));
  expect(drawn?.records).toMatchObject([
    { id: card(1), before: { title: 'Old name', x: 0 }, after: { title: 'New name', x: 70 } },
  ]);
  expect(drawn?.still).toMatchObject([{ id: card(2), frame: null, x: 400, h: null }]);
  const named = told.people.map(({ handle }) => handle);
  expect(named).toEqual(expect.arrayContaining(['tan.wei', 'chanida', 'sari']));
}, 60_000);

test('[RV-21] everybody and everything at a moment says what the question about each thing says', async () => {
  const { operation, at, tan, chanida, amelie, ...glacier } = await layGlacier(hub);
  const board = await glacier.board('Flow');
  await glacier.board('Lane', operation.partners);
  const peer = await glacier.peer(chanida, board);
  peer.hangUp();
  const live = await chanida.connect();
  await live.enter(operation.id);
  live.socket.disconnect();
  const review = readingBy(tan, operation);
  const reading = await review.open('access');
  await tan.must('POST', `${at}/members/${hub.officerId('chanida')}/remove`, { reason: 'Rotation' });
  const ask = (seq: number, who = review, under = reading) =>
    who.get<ReplyOf<typeof readAccess>>('/replay/access', { reading: under, seq });
  const cellsOf = ({ things, people }: ReplyOf<typeof readAccess>, handle: string) => {
    const row = people.find(({ person }) => person.handle === handle);
    return Object.fromEntries(
      things.map((thing, at) => [
        thing.kind === 'room' ? thing.compartment : thing.title || thing.kind,
        [row?.seen[at]?.could, row?.seen[at]?.times],
      ]),
    );
  };
  const then = await ask(reading);
  expect(cellsOf(then, 'chanida')).toEqual({
    main: ['compartment', 1],
    partners: ['compartment', 1],
    Flow: ['compartment', 1],
    Lane: ['compartment', 0],
    exports: [null, 0],
    record: [null, 0],
  });
  expect(cellsOf(then, 'jonas')).toMatchObject({
    main: ['no', 0],
    partners: ['compartment', 0],
    Flow: ['no', 0],
  });
  expect(cellsOf(then, 'tan.wei')).toMatchObject({ record: [null, 1] });
  const now = await ask(1e6);
  expect(now.people.find(({ person }) => person.handle === 'chanida')).toMatchObject({
    role: null,
    compartments: [],
  });
  expect(cellsOf(now, 'chanida')).toMatchObject({ main: ['no', 1], Flow: ['no', 1] });
  // The same from what is derived of the record, of its last hour and of hours before.
  await review.timeline();
  expect(await ask(reading)).toEqual({ ...then, asOf: now.asOf });
  expect(await ask(1e6)).toEqual(now);
  await hub.store.write((tx) =>
    sql`update logs set last_ms = last_ms + 7200000 where id = ${operation.id}`.execute(tx),
  );
  const late = await reviewBy(tan, operation).say('Two hours later.', operation.main);
  await reviewBy(tan, operation).say('And once more.', operation.main);
  await review.timeline();
  const seenIn = ({ people }: typeof now) => people.map(({ person, seen }) => [person.handle, seen]);
  expect(seenIn(await ask(late.seq))).toEqual(seenIn(now));
  for (const seq of [reading, 1e6]) {
    const all = await ask(seq);
    const one = await review.get<ReplyOf<typeof whoSaw>>('/replay/seen-by', {
      reading,
      seq,
      objectId: board.id,
    });
    const place = all.things.findIndex(({ id }) => id === board.id);
    const could = Object.fromEntries(all.people.map((row) => [row.person.handle, row.seen[place]?.could]));
    for (const row of one.people)
      expect([row.person.handle, could[row.person.handle]]).toEqual([row.person.handle, row.could]);
  }
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[operation.main]}
        where operation_id = ${operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
  const lane = readingBy(amelie, operation);
  const narrow = await ask(1e6, lane, await lane.open('access'));
  expect(
    narrow.things.map(({ kind, title, compartment }) => [kind, title, compartment]),
    'nothing is told of what the reader does not receive',
  ).toEqual([
    ['room', '', 'main'],
    ['board', 'Flow', 'main'],
    ['exports', '', null],
    ['record', '', null],
  ]);
  expect((await tan.get(`${at}/replay/access?reading=${reading + 1}&seq=9`)).status).toBe(400);
}, 60_000);

test('[RV-22] the strip counts every entry that the reader may see once, in its strand and slice', async () => {
  const story = await tellStory(hub, { seed: 11, acts: 40 });
  const lead = await hub.signIn('tan.wei');
  const review = readingBy(lead, story.operation);
  const reading = await review.open('comparison');
  const { entries } = await reviewBy(lead, story.operation).entries({ limit: '200' });
  const strip = await review.get<ReplyOf<typeof readStrip>>('/replay/strip', { reading, slices: 7 });
  const counted = new Map<string, number>();
  for (const { seq, kind, outcome } of entries) {
    const key = `${Math.floor(seq / strip.step)} ${groupOf(kind, outcome)}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
  }
  expect(
    Object.fromEntries(strip.counts.map(({ slice, strand, count }) => [`${slice} ${strand}`, count])),
  ).toEqual(Object.fromEntries(counted));
  expect([strip.marks[0]?.seq, strip.marks.at(-1)?.seq, strip.step]).toEqual([
    0,
    reading,
    Math.ceil((reading + 1) / 7),
  ]);
  // Once all of it is derived it is counted by the hour, whether that lies in one slice or in several.
  await review.timeline();
  expect(await review.get('/replay/strip', { reading, slices: 7 })).toEqual(strip);
  const whole = await review.get<ReplyOf<typeof readStrip>>('/replay/strip', { reading, slices: 1 });
  const inAll = (strand: string) =>
    strip.counts.filter((one) => one.strand === strand).reduce((sum, { count }) => sum + count, 0);
  expect(whole.counts).toEqual(
    whole.counts.map(({ strand }) => ({ slice: 0, strand, count: inAll(strand) })),
  );
  expect(whole.counts.reduce((sum, { count }) => sum + count, 0)).toBe(entries.length);
  for (const { seq, at: time } of strip.marks) {
    const entry = entries.find((one) => one.seq === seq);
    if (entry !== undefined) expect(time).toBe(entry.at);
  }
  const other = await hub.signIn('amelie');
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[story.operation.partners]}
        where operation_id = ${story.operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
  const lane = readingBy(other, story.operation);
  const narrow = await lane.get<ReplyOf<typeof readStrip>>('/replay/strip', {
    reading: await lane.open('replay'),
    slices: 7,
  });
  const own = await reviewBy(other, story.operation).entries({ limit: '200' });
  expect(narrow.counts.reduce((sum, { count }) => sum + count, 0)).toBe(own.total);
}, 90_000);
