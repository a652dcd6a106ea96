import { afterAll, beforeAll, expect, test } from 'vitest';

import { sql } from '#server/platform/storage/store.ts';
import { addCard, editCard } from '#shared/board/card.ts';
import type { CardId } from '#shared/board/document.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { whoSaw } from '#shared/contracts/review-access.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import type { compareMoments } from '#shared/contracts/review-replay.ts';
import { asId } from '#shared/kernel/ids.ts';
import { startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';

import { type Glacier, layGlacier } from './glacier.ts';
import { readingBy } from './reading.ts';
import { importOf } from './story.ts';
import { reviewBy } from './support.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(stopHubs);

/** Findings are written while the operation is under review. */
async function toReview({ tan, at }: Pick<Glacier, 'tan' | 'at'>): Promise<void> {
  await tan.must('POST', `${at}/close`, { reason: 'Done' });
  await tan.must('POST', `${at}/begin-review`, { reason: 'Debrief' });
}

const opener =
  ({ at }: Pick<Glacier, 'at'>) =>
  (officer: TestOfficer, pinned: number, more: object = {}) =>
    officer.post(`${at}/findings`, {
      sort: 'finding',
      title: 'Late call',
      text: 'Why so late?',
      pinned,
      ...more,
    });

test('[RV-13] two moments differ in what stands differently, and in nothing that was undone between', async () => {
  const glacier = await layGlacier(hub);
  const { operation, at, tan, say } = glacier;
  const [kept, edited] = [await say(tan, 'Kept'), await say(tan, 'Before')];
  const imported = await importOf(tan, operation, 1);
  const board = await glacier.board('Flow');
  const peer = await glacier.peer(tan, board);
  const by = { by: 'hand' };
  const card = (n: number) => asId<CardId>(String(n).repeat(32));
  const createdBy = hub.officerId('tan.wei');
  addCard(
    peer.doc,
    { id: card(1), kind: 'note', x: 0, y: 0, title: 'Old name', tlp: 'AMBER', createdBy },
    by,
  );
  await peer.acknowledged();
  const review = readingBy(tan, operation);
  const reading = await review.open('comparison');
  editCard(peer.doc, { id: card(1), title: 'Third name' }, by);
  editCard(peer.doc, { id: card(1), title: 'New name' }, by);
  addCard(peer.doc, { id: card(2), kind: 'note', x: 0, y: 0, title: 'Second', tlp: 'AMBER', createdBy }, by);
  await peer.acknowledged();
  peer.hangUp();
  await tan.must('POST', `${at}/messages/${edited.id}/edit`, { text: 'After' });
  const posted = await say(tan, 'Posted');
  await tan.must('POST', `${at}/messages/${posted.id}/withdraw`, { reason: 'No' });
  await tan.must('POST', `${at}/indicators/${imported[0]}/withdraw`, { reason: 'Not ours' });
  await tan.must('POST', `${at}/members`, { officerId: hub.officerId('sari'), role: 'officer' });
  await tan.must('POST', `${at}/members`, { officerId: hub.officerId('bruno'), role: 'observer' });
  await tan.must('POST', `${at}/members/${hub.officerId('bruno')}/remove`, { reason: 'Mistake' });
  await toReview(glacier);
  const compare = (from: number, to: number) =>
    review.get<ReplyOf<typeof compareMoments>>('/replay/comparison', { reading, from, to });
  const told = await compare(reading, 1e6);
  expect(told.operation).toMatchObject([{ field: 'state', before: 'live', after: 'review' }]);
  expect(told.members).toMatchObject([{ officer: hub.officerId('sari'), change: 'joined', before: null }]);
  expect(told.messages).toMatchObject({
    total: 2,
    rows: [
      { id: posted.id, change: 'withdrawn', before: null, after: { text: null } },
      { id: edited.id, change: 'edited', before: { text: 'Before' }, after: { text: 'After' } },
    ],
  });
  expect(told.indicators).toMatchObject({
    total: 1,
    rows: [
      { id: imported[0], change: 'withdrawn', before: { state: 'active' }, after: { state: 'withdrawn' } },
    ],
  });
  expect(told.boards).toMatchObject([{ id: board.id, change: 'changed', more: 0 }]);
  expect(told.boards[0]?.sentences.toSorted()).toEqual([
    'added card “Second”',
    'changed the title of card “New name” from “Old name” to “New name”',
  ]);
  const whole = await compare(-1, 1e6);
  expect(whole.messages.rows.map(({ id, change }) => [id, change])).toEqual([
    [posted.id, 'withdrawn'],
    [edited.id, 'posted'],
    [kept.id, 'posted'],
  ]);
  expect(whole.indicators.total).toBe(6);
  const nothing = await compare(reading, reading);
  expect([nothing.operation, nothing.members, nothing.messages.rows, nothing.boards]).toEqual([
    [],
    [],
    [],
    [],
  ]);
  expect((await tan.get(`${at}/replay/comparison?reading=${reading}&from=5&to=4`)).status).toBe(400);
}, 60_000);

test('[RV-14] who received an item then, and which entries say that they read it', async () => {
  const { operation, at, tan, chanida, say } = await layGlacier(hub);
  const secret = await say(tan, 'For the desks only');
  const live = await chanida.connect();
  await live.enter(operation.id);
  live.socket.disconnect();
  const review = readingBy(tan, operation);
  const reading = await review.open('access');
  await tan.must('POST', `${at}/members/${hub.officerId('chanida')}/remove`, { reason: 'Rotation' });
  await tan.must('POST', `${at}/members`, { officerId: hub.officerId('sari'), role: 'officer' });
  const ask = (given: Record<string, string | number>) =>
    review.get<ReplyOf<typeof whoSaw>>('/replay/seen-by', { reading, ...given });
  const told = ({ people }: ReplyOf<typeof whoSaw>) =>
    Object.fromEntries(
      people.map(({ person, could, consulted }) => [
        person.handle,
        [could, consulted.map(({ kind }) => kind)],
      ]),
    );
  const then = await ask({ seq: reading, objectId: secret.id });
  expect(then.item).toEqual({ kind: 'message', id: secret.id, compartment: 'main', seq: secret.seq });
  expect(told(then)).toEqual({
    'tan.wei': ['compartment', ['record.consulted']],
    chanida: ['compartment', ['room.entered']],
    jonas: ['no', []],
    amelie: ['compartment', []],
  });
  expect(then.desks.find(({ desk }) => desk === 'TH-CCIB')).toEqual({
    desk: 'TH-CCIB',
    country: 'TH',
    could: true,
    consulted: true,
  });
  const now = told(await ask({ seq: 1e6, entry: secret.seq }));
  expect([now.chanida, now.sari]).toEqual([
    ['no', ['room.entered']],
    ['compartment', []],
  ]);
  expect((await tan.get(`${at}/replay/seen-by?reading=${reading}&seq=9`)).status).toBe(400);
  expect(
    (await tan.get(`${at}/replay/seen-by?reading=${reading}&seq=${secret.seq - 1}&objectId=${secret.id}`))
      .status,
  ).toBe(404);
});

test('[RV-15] [RV-16] [RV-17] findings are written under review, answered, and concluded once', async () => {
  const glacier = await layGlacier(hub);
  const { operation, at, tan, amelie, say } = glacier;
  const open = opener(glacier);
  const said = await say(tan, 'Call them now');
  const jonas = await hub.signIn('jonas');
  const lane = await say(jonas, 'In the lane', operation.partners);
  expect((await open(tan, said.seq)).status).toBe(409);
  await toReview(glacier);
  const opened = await open(amelie, said.seq, { sort: 'question' });
  expect(opened).toMatchObject({
    status: 200,
    body: {
      state: 'open',
      sort: 'question',
      pinned: { seq: said.seq, kind: 'message.posted' },
      compartment: operation.main,
    },
  });
  const { id } = opened.body as Finding;
  expect((await tan.post(`${at}/findings/${id}/answer`, { text: 'The line was down.' })).body).toMatchObject({
    state: 'answered',
    answers: [{ by: { handle: 'tan.wei' }, text: 'The line was down.' }],
  });
  const conclude = () =>
    amelie.post(`${at}/findings/${id}/conclude`, { kind: 'lesson-identified', text: 'A second line.' });
  const both = await Promise.all([conclude(), conclude()]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  expect((await tan.post(`${at}/findings/${id}/answer`, { text: 'More' })).status).toBe(409);
  const list = (officer: TestOfficer, query = '') =>
    officer.must<{ findings: Finding[] }>('GET', `${at}/findings?${query}`).then(({ findings }) => findings);
  expect(await list(tan, 'state=concluded')).toMatchObject([
    { id, conclusion: { kind: 'lesson-identified', by: { handle: 'amelie' } } },
  ]);
  expect(await list(tan, `pinned=${lane.seq}`)).toEqual([]);
  const inLane = (await open(tan, lane.seq)).body as Finding;
  expect(inLane.compartment).toBe(operation.partners);
  await hub.store.write((tx) =>
    sql`update members set compartment_ids = ${[operation.main]}
        where operation_id = ${operation.id} and officer_id = ${hub.officerId('amelie')}`.execute(tx),
  );
  expect((await list(amelie)).map((one) => one.id)).toEqual([id]);
  expect([
    (await open(amelie, lane.seq)).status,
    (await amelie.post(`${at}/findings/${inLane.id}/answer`, { text: 'x' })).status,
  ]).toEqual([404, 404]);
  for (const handle of ['chanida', 'jonas'])
    expect((await open(await hub.signIn(handle), said.seq)).status).toBe(403);
  const kinds = (await reviewBy(tan, operation).entries()).entries.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind.startsWith('finding.')).sort()).toEqual([
    'finding.answered',
    'finding.concluded',
    'finding.opened',
    'finding.opened',
  ]);
});

test('[RV-25] a finding says what it is pinned to, to those who may see that entry', async () => {
  const glacier = await layGlacier(hub);
  const { operation, at, tan, amelie, say } = glacier;
  const open = opener(glacier);
  const said = await say(tan, 'Call them now');
  // In no compartment: for nobody but her.
  const hers = {
    kind: 'room.entered',
    by: { kind: 'auditor', officer: hub.officerId('amelie'), country: 'FR', session: null },
    object: null,
    compartment: null,
    outcome: 'ok',
    command: null,
    body: null,
  } as const;
  const [own] = await hub.store.write((tx) =>
    hub.hub.append(tx, { log: operation.id, epoch: null, facts: [hers] }),
  );
  await toReview(glacier);
  await open(amelie, said.seq);
  await open(amelie, own?.seq ?? -1);
  const pins = async (officer: TestOfficer) =>
    (await officer.must<{ findings: Finding[] }>('GET', `${at}/findings`)).findings.map(
      ({ pinned }) => pinned,
    );
  const message = {
    seq: said.seq,
    kind: 'message.posted',
    country: 'SG',
    by: { handle: 'tan.wei' },
    object: { kind: 'message', id: said.id },
  };
  expect(await pins(amelie)).toMatchObject([message, { seq: own?.seq, by: { handle: 'amelie' } }]);
  expect(await pins(tan)).toMatchObject([
    message,
    { seq: own?.seq, kind: '', country: null, by: null, object: null },
  ]);
});
