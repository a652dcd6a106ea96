import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Message } from '#shared/contracts/chat.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { refusal, told } from '#tests/support/refusal.ts';

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
let hub: TestHub;
let glacier: Operation;
let tan: TestOfficer;
let chanida: TestOfficer;
let jonas: TestOfficer;

beforeAll(async () => {
  hub = await startHub();
  glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
  [tan, chanida, jonas] = [
    await hub.signIn('tan.wei'),
    await hub.signIn('chanida'),
    await hub.signIn('jonas'),
  ];
});
afterAll(stopHubs);

type Posted = Message & { recorded: { seq: number; leafHash: string } };
const messages = () => `/operations/${glacier.id}/messages`;
const said = (text: string, change: object = {}) => ({
  text,
  compartment: glacier.main,
  handling: amber,
  ...change,
});
const post = (officer: TestOfficer, text: string, change: object = {}) =>
  officer.must<Posted>('POST', messages(), said(text, change));
const read = async (officer: TestOfficer, query = '') =>
  officer.must<{ messages: Message[]; more: boolean; asOf: number; readUpTo: number }>(
    'GET',
    `${messages()}${query}`,
  );
const find = async (officer: TestOfficer, id: string) =>
  (await read(officer)).messages.find((one) => one.id === id);

test('[CH-1] a message reaches every member who receives its compartment, live', async () => {
  const [atThai, atPartner] = [await chanida.connect(), await jonas.connect()];
  expect(await atThai.enter(glacier.id)).toMatchObject({ ok: true });
  expect(await atPartner.enter(glacier.id)).toMatchObject({ ok: true });
  const posted = await post(tan, 'Hold until H.');
  const fence = await post(tan, 'For all.', { compartment: glacier.partners });
  await atThai.until(() => atThai.entries.some(({ seq }) => seq === fence.seq), 'the message');
  await atPartner.until(() => atPartner.entries.some(({ seq }) => seq === fence.seq), 'the message after it');
  expect(atThai.entries.find(({ seq }) => seq === posted.seq)).toMatchObject({
    kind: 'message.posted',
    by: { handle: 'tan.wei', country: 'SG' },
    object: { kind: 'message', id: posted.id },
    body: { text: 'Hold until H.', handling: amber },
  });
  expect(atPartner.entries.filter(({ seq }) => seq === posted.seq)).toEqual([]);
  expect(await find(jonas, posted.id)).toBe(undefined);
  for (const live of [atThai, atPartner]) live.socket.disconnect();
});

test('[CH-2] the reply, the entry and the list name one place on the record', async () => {
  const live = await chanida.connect();
  await live.enter(glacier.id);
  const posted = await post(tan, '  Placed.  ', { mentions: [hub.officerId('chanida')] });
  await live.until(() => live.entries.some(({ seq }) => seq === posted.recorded.seq), 'the entry');
  const { recorded, receipts, ...message } = posted as typeof posted & { receipts: string[] };
  expect(receipts).toHaveLength(1);
  expect(message).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{32}$/),
    seq: recorded.seq,
    author: {
      officer: hub.officerId('tan.wei'),
      name: 'Tan Wei',
      handle: 'tan.wei',
      desk: 'SG-CCD',
      country: 'SG',
    },
    postedAt: expect.stringMatching(/Z$/),
    text: 'Placed.',
    handling: amber,
    compartment: glacier.main,
    replyTo: null,
    mentions: [hub.officerId('chanida')],
    references: [],
    editedAt: null,
    withdrawnAt: null,
  });
  const entry = live.entries.find(({ seq }) => seq === recorded.seq);
  expect(entry).toMatchObject({ leafHash: recorded.leafHash, object: { kind: 'message', id: message.id } });
  expect(await find(chanida, message.id)).toEqual(message);
  live.socket.disconnect();
});

test('[CH-3] a message has words, at most 4000 characters of them', async () => {
  expect((await post(tan, 'x'.repeat(4000))).text).toHaveLength(4000);
  for (const text of ['', '   ', 'x'.repeat(4001)])
    expect((await tan.post(messages(), said(text))).body).toMatchObject({
      error: { code: 'bad.request', where: 'text' },
    });
});

test('[CH-4] its author edits it, and nobody else; every version stays on the record', async () => {
  const live = await chanida.connect();
  await live.enter(glacier.id);
  const posted = await post(tan, 'At 05:00.');
  const path = `${messages()}/${posted.id}/edit`;
  expect(told(await chanida.post(path, { text: 'At 06:00.' }))).toEqual(refusal('not.originator'));
  const edited = await tan.must<Posted>('POST', path, { text: 'At 05:30.' });
  expect(edited).toMatchObject({
    id: posted.id,
    seq: posted.seq,
    text: 'At 05:30.',
    editedAt: expect.any(String),
  });
  expect(edited.recorded.seq).toBeGreaterThan(posted.seq);
  expect(await find(chanida, posted.id)).toMatchObject({ text: 'At 05:30.', editedAt: edited.editedAt });
  await live.until(() => live.entries.some(({ seq }) => seq === edited.recorded.seq), 'the edit');
  const versions = live.entries.filter(({ object, outcome }) => object?.id === posted.id && outcome === 'ok');
  expect(versions.map(({ kind, body }) => [kind, Reflect.get(Object(body), 'text')])).toEqual([
    ['message.posted', 'At 05:00.'],
    ['message.edited', 'At 05:30.'],
  ]);
  live.socket.disconnect();
});

test('[CH-5] its author withdraws it: no words on the screen, the original on the record', async () => {
  const live = await chanida.connect();
  await live.enter(glacier.id);
  const posted = await post(tan, 'The name is Kelvin.');
  const path = `${messages()}/${posted.id}/withdraw`;
  expect(told(await chanida.post(path, { reason: '' }))).toEqual(refusal('not.originator'));
  const withdrawn = await tan.must<Posted>('POST', path, { reason: 'Wrong room.' });
  expect(withdrawn).toMatchObject({ text: null, withdrawnAt: expect.any(String) });
  expect(await find(chanida, posted.id)).toMatchObject({ text: null, withdrawnAt: withdrawn.withdrawnAt });
  await live.until(() => live.entries.some(({ seq }) => seq === withdrawn.recorded.seq), 'the withdrawal');
  expect(live.entries.find(({ seq }) => seq === posted.seq)?.body).toMatchObject({
    text: 'The name is Kelvin.',
  });
  expect(live.entries.find(({ seq }) => seq === withdrawn.recorded.seq)).toMatchObject({
    kind: 'message.withdrawn',
    verb: 'erasure',
    body: { text: null, reason: 'Wrong room.' },
  });
  const none = refusal('not.found', { where: 'messageId' });
  expect(told(await tan.post(path, { reason: '' }))).toEqual(none);
  expect(told(await tan.post(`${messages()}/${posted.id}/edit`, { text: 'Back.' }))).toEqual(none);
  live.socket.disconnect();
});

test('[CH-6] a reply stays in the compartment of the message it answers', async () => {
  const original = await post(tan, 'For police.');
  const reply = await post(chanida, 'Understood.', { replyTo: original.id });
  expect(reply.replyTo).toBe(original.id);
  const leaking = await tan.post(
    messages(),
    said('Quoting.', { replyTo: original.id, compartment: glacier.partners }),
  );
  expect(told(leaking)).toEqual(
    refusal('bad.request', {
      where: 'compartment',
      what: 'a reply stays in the compartment of the message it answers',
    }),
  );
});

test('[CH-7] what one does not receive is answered as what does not exist', async () => {
  const hidden = await post(tan, 'For police only.');
  const absent = 'f'.repeat(32);
  const ask = async (id: string, compartment: string) => [
    told(await jonas.post(messages(), said('Into the dark.', { compartment }))),
    told(await jonas.post(messages(), said('Reply.', { compartment: glacier.partners, replyTo: id }))),
    told(await jonas.post(`${messages()}/${id}/edit`, { text: 'Mine now.' })),
    told(await jonas.post(`${messages()}/${id}/withdraw`, { reason: '' })),
  ];
  const answers = await ask(hidden.id, glacier.main);
  expect(answers).toEqual(await ask(absent, absent));
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
});

test('[CH-8] the list is read a page at a time, newest page first, each in the order of posting', async () => {
  const tundra = await hub.operation('TUNDRA');
  for (let n = 0; n < 7; n++)
    await tan.must('POST', `/operations/${tundra.id}/messages`, {
      ...said(`${n}`),
      compartment: tundra.main,
    });
  const seen: string[] = [];
  const pages: string[][] = [];
  for (let before: number | null = Number.MAX_SAFE_INTEGER; before !== null; ) {
    const page: { messages: Message[]; more: boolean } = await tan.must(
      'GET',
      `/operations/${tundra.id}/messages?limit=3&before=${before}`,
    );
    pages.push(page.messages.map(({ text }) => text ?? ''));
    seen.unshift(...page.messages.map(({ text }) => text ?? ''));
    before = page.more ? (page.messages[0]?.seq ?? null) : null;
  }
  expect(pages).toEqual([['4', '5', '6'], ['1', '2', '3'], ['0']]);
  expect(seen).toEqual(['0', '1', '2', '3', '4', '5', '6']);
});

test('[CH-9] the mark of what was read is the reader’s own, moves forward only, and is no entry', async () => {
  const before = (await read(tan)).asOf;
  const mark = async (upTo: number) => tan.must('POST', `${messages()}/read`, { upTo });
  await mark(5);
  await mark(3);
  const after = await read(tan);
  expect([after.readUpTo, after.asOf]).toEqual([5, before]);
  expect((await read(chanida)).readUpTo).toBe(0);
});
