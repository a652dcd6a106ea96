import { afterAll, beforeAll, expect, test } from 'vitest';

import { systemClock, systemRandom } from '#server/app/system.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { makeAppend } from '#server/record/append.ts';
import { theHub } from '#server/record/author.ts';
import type { Frame } from '#shared/contracts/rooms.ts';
import { asId, type CompartmentId } from '#shared/kernel/ids.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { LiveSocket, TestOfficer } from '#tests/support/officer.ts';

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };
let hub: TestHub;
/** The next reading that finds this is told of, and its answer is kept back. */
type Late = {
  readonly finds: (found: object) => boolean;
  readonly read: () => void;
  readonly released: Promise<void>;
};
let late: Late | null = null;
const lateReads = (real: Store): Store => ({
  ...real,
  async read(work) {
    const found = await real.read(work);
    const hold = late;
    if (hold === null || !hold.finds(Object(found))) return found;
    late = null;
    hold.read();
    await hold.released;
    return found;
  },
});

/** Keeps back the next answer of this kind until it is released. */
function keepBack(finds: Late['finds']): { readonly isRead: Promise<void>; readonly release: () => void } {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const isRead = new Promise<void>((read) => {
    late = { finds, read, released };
  });
  return { isRead, release };
}

const nothingNew = (found: object) =>
  'wire' in found && Reflect.get(found, 'from') === Reflect.get(found, 'to');
const headAlone = (found: object) => Object.keys(found).join() === 'head';

beforeAll(async () => {
  hub = await startHub({ store: lateReads });
});
afterAll(stopHubs);

type Posted = { seq: number };
const say = (officer: TestOfficer, operation: Operation, text: string, compartment = operation.main) =>
  officer.must<Posted>('POST', `/operations/${operation.id}/messages`, {
    text,
    compartment,
    handling: amber,
  });

async function enter(officer: TestOfficer, operation: Operation, since = 0): Promise<LiveSocket> {
  const live = await officer.connect();
  expect(await live.enter(operation.id, since)).toMatchObject({ ok: true });
  return live;
}

/** Each frame begins where the one before ended, and its entries lie inside it, in order. */
function expectWhole(frames: readonly Frame[], since: number): void {
  let at = since;
  for (const frame of frames) {
    expect(frame.from).toBe(at);
    expect(frame.to).toBeGreaterThan(frame.from);
    const seqs = frame.entries.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
    for (const seq of seqs) expect(seq >= frame.from && seq < frame.to).toBe(true);
    at = frame.to;
  }
}

const texts = (live: LiveSocket) =>
  live.entries
    .filter(({ kind }) => kind === 'message.posted')
    .map(({ body }) => Reflect.get(Object(body), 'text'));

test('[RM-1] frames follow each other without a gap, in the order of the record, whoever writes', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
  const writers = [await hub.signIn('tan.wei'), await hub.signIn('chanida'), await hub.signIn('sari')];
  const [one, two] = [
    await enter(await hub.signIn('sari'), glacier),
    await enter(await hub.signIn('tan.wei'), glacier),
  ];
  await Promise.all(
    writers.flatMap((officer, who) =>
      Array.from({ length: 15 }, (_, n) => say(officer, glacier, `${who}:${n}`)),
    ),
  );
  for (const live of [one, two]) await live.until(() => texts(live).length === 45, 'all messages');
  for (const live of [one, two]) expectWhole(live.frames, 0);
  expect(texts(one)).toEqual(texts(two));
  expect(new Set(texts(one)).size).toBe(45);
});

test('[RM-3] whoever comes back is sent what they missed, and nothing twice', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const before = await enter(chanida, glacier);
  await say(tan, glacier, 'heard');
  await before.until(() => texts(before).length === 1, 'the first message');
  const has = before.frames.at(-1)?.to ?? 0;
  before.socket.disconnect();
  for (let n = 0; n < 5; n++) await say(tan, glacier, `missed ${n}`);
  const after = await enter(chanida, glacier, has);
  await after.until(() => texts(after).length === 5, 'what was missed');
  expect(texts(after)).toEqual(['missed 0', 'missed 1', 'missed 2', 'missed 3', 'missed 4']);
  expectWhole(after.frames, has);
});

test('[RM-3] a record longer than a page arrives whole', async () => {
  const glacier = await hub.operation('GLACIER');
  const append = makeAppend({ clock: systemClock, random: systemRandom });
  const facts = Array.from({ length: 1200 }, (_, n) => ({
    kind: 'message.posted' as const,
    by: theHub,
    object: null,
    compartment: asId<CompartmentId>(glacier.main),
    outcome: 'ok' as const,
    command: null,
    body: { text: `${n}` },
  }));
  await hub.store.write((tx) => append(tx, { log: glacier.id, epoch: null, facts }));
  const live = await enter(await hub.signIn('tan.wei'), glacier);
  await live.until(() => texts(live).length === 1200, 'the whole record');
  expectWhole(live.frames, 0);
  expect(live.frames.length).toBeGreaterThan(1);
});

test('[RM-3] what is written while the room is being read arrives without waiting for more', async () => {
  const glacier = await hub.operation('GLACIER');
  const tan = await hub.signIn('tan.wei');
  const { isRead, release } = keepBack(nothingNew);
  const live = await enter(tan, glacier);
  await isRead;
  await say(tan, glacier, 'Meanwhile.');
  release();
  await live.until(() => texts(live).includes('Meanwhile.'), 'the message');
  expectWhole(live.frames, 0);
});

test('[RM-3] [RM-2] whoever comes in while rights move is not left without what follows', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
  const [tan, chanida] = [await hub.signIn('tan.wei'), await hub.signIn('chanida')];
  const first = await enter(tan, glacier);
  const live = await enter(chanida, glacier);
  await live.say('room.leave', { operationId: glacier.id });
  // The same visit again: past the gate, and its last look at the record is kept back.
  const { isRead, release } = keepBack(headAlone);
  const entering = live.enter(glacier.id, 0);
  await isRead;
  await tan.must('POST', `/operations/${glacier.id}/members/${hub.officerId('sari')}/remove`, {
    reason: 'Rotation',
  });
  await first.until(() => first.kinds.includes('member.removed'), 'the removal');
  release();
  await entering;
  await say(tan, glacier, 'After the removal.');
  await live.until(() => texts(live).includes('After the removal.'), 'the message');
});

test('[RM-4] a partner receives its own lane, and what it did itself', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer' });
  const [tan, jonas] = [await hub.signIn('tan.wei'), await hub.signIn('jonas')];
  const [inside, lane] = [await enter(tan, glacier), await enter(jonas, glacier)];
  await say(tan, glacier, 'for police');
  await say(tan, glacier, 'for everybody', glacier.partners);
  await say(jonas, glacier, 'from industry', glacier.partners);
  await lane.until(() => texts(lane).length === 2, 'its lane');
  await inside.until(() => texts(inside).length === 3, 'everything');
  expect(texts(inside)).toEqual(['for police', 'for everybody', 'from industry']);
  expect(texts(lane)).toEqual(['for everybody', 'from industry']);
  const others = lane.entries.filter(({ compartment }) => compartment !== glacier.partners);
  expect(others.map(({ kind, by }) => [kind, by?.handle])).toEqual([['room.entered', 'jonas']]);
  expectWhole(lane.frames, 0);
  expect(JSON.stringify(lane.frames)).not.toMatch(/for police|chanida|TH-CCIB|GLACIER/);
  expect(await jonas.must('GET', `/operations/${glacier.id}/messages`)).toMatchObject({
    messages: [{ text: 'for everybody' }, { text: 'from industry' }],
  });
});

test('[RM-5] entering is one entry per visit, not per link', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer' });
  const chanida = await hub.signIn('chanida');
  const again = await hub.signIn('chanida');
  const first = await enter(chanida, glacier);
  first.socket.disconnect();
  const second = await enter(chanida, glacier);
  await enter(again, glacier);
  await second.until(
    () => second.kinds.filter((kind) => kind === 'room.entered').length === 2,
    'both visits',
  );
  const entered = second.entries.filter(({ kind }) => kind === 'room.entered');
  expect(entered.map(({ by, body, verb }) => ({ handle: by?.handle, body, verb }))).toEqual([
    { handle: 'chanida', body: { role: 'officer' }, verb: 'consultation' },
    { handle: 'chanida', body: { role: 'officer' }, verb: 'consultation' },
  ]);
});

test('[RM-7] presence shows everybody to police, and a partner its own desk only', async () => {
  const glacier = await hub.operation('GLACIER', { chanida: 'officer', jonas: 'officer', petra: 'observer' });
  const [chanida, jonas, petra] = [
    await enter(await hub.signIn('chanida'), glacier),
    await enter(await hub.signIn('jonas'), glacier),
    await enter(await hub.signIn('petra'), glacier),
  ];
  const names = (live: LiveSocket) => live.present.map(({ person }) => person.handle).sort();
  await chanida.until(() => chanida.present.length === 3, 'three people');
  expect(names(chanida)).toEqual(['chanida', 'jonas', 'petra']);
  await jonas.until(() => jonas.present.length === 2, 'its own desk');
  expect(names(jonas)).toEqual(['jonas', 'petra']);
  const typing = { place: 'chat', board: null, typing: true };
  expect(await petra.say('presence', { operationId: glacier.id, state: typing })).toEqual({
    ok: true,
    reply: {},
  });
  const stateOf = (live: LiveSocket) => live.present.find(({ person }) => person.handle === 'petra')?.state;
  for (const live of [chanida, jonas]) await live.until(() => stateOf(live)?.typing === true, 'typing');
  expect(stateOf(chanida)).toEqual(typing);
  expect(await petra.say('room.leave', { operationId: glacier.id })).toEqual({ ok: true, reply: {} });
  await chanida.until(() => chanida.present.length === 2, 'one gone');
  expect(names(chanida)).toEqual(['chanida', 'jonas']);
});

test('[RM-6] nothing of presence reaches the store', async () => {
  const glacier = await hub.operation('GLACIER');
  const live = await enter(await hub.signIn('tan.wei'), glacier);
  const count = async () =>
    (await hub.store.read((tx) => rows(tx, sql`select 1 from entries where log_id = ${glacier.id}`))).length;
  const before = await count();
  for (const place of ['chat', 'board', 'register', 'people'] as const)
    await live.say('presence', { operationId: glacier.id, state: { place, board: null, typing: false } });
  await live.until(() => live.present[0]?.state.place === 'people', 'the last place');
  expect(await count()).toBe(before);
});

test('[RM-9] changes of boards are left out of frames, which go past them', async () => {
  const glacier = await hub.operation('GLACIER');
  const tan = await hub.signIn('tan.wei');
  const live = await enter(tan, glacier);
  const board = await tan.must<{ recorded: { seq: number } }>('POST', `/operations/${glacier.id}/boards`, {
    title: 'Money flow',
    compartment: glacier.main,
  });
  await live.until(() => (live.frames.at(-1)?.to ?? 0) > board.recorded.seq, 'the board');
  expect(live.kinds).toContain('board.created');
  expect(live.kinds).not.toContain('board.updated');
  expectWhole(live.frames, 0);
});

test('[RM-10] neither beyond the end of the record nor without being in the room', async () => {
  const glacier = await hub.operation('GLACIER');
  const live = await (await hub.signIn('tan.wei')).connect();
  expect(await live.enter(glacier.id, 1_000_000)).toMatchObject({
    ok: false,
    refusal: { code: 'record.restored', where: 'since' },
  });
  const state = { place: 'chat', board: null, typing: false };
  expect(await live.say('presence', { operationId: glacier.id, state })).toMatchObject({
    ok: false,
    refusal: { code: 'not.found' },
  });
  expect(live.frames).toEqual([]);
  expect(live.present).toEqual([]);
});

test('[RM-10] whoever was sent more than the record holds is sent away to read again', async () => {
  const glacier = await hub.operation('GLACIER');
  const tan = await hub.signIn('tan.wei');
  const live = await enter(tan, glacier);
  await say(tan, glacier, 'Since the backup.');
  await live.until(() => texts(live).includes('Since the backup.'), 'the message');
  // As a database that was put back has it.
  const moveHead = (by: number) =>
    hub.store.write((tx) =>
      sql`update logs set head = head + ${by}, epoch = epoch + 7 where id = ${glacier.id}`.execute(tx),
    );
  await moveHead(-1);
  await live.until(() => live.ended.length > 0, 'the end');
  expect(live.ended).toMatchObject([{ operationId: glacier.id, code: 'record.restored' }]);
  await moveHead(1);
});

test('[RM-11] every event is answered; what is wrong or too fast is refused, and the socket goes on', async () => {
  const glacier = await hub.operation('GLACIER');
  const live = await (await hub.signIn('tan.wei')).connect();
  const emit = (event: string, ...input: unknown[]) =>
    new Promise<unknown>((answer) => Reflect.apply(live.socket.emit, live.socket, [event, ...input, answer]));
  expect(await emit('nothing')).toMatchObject({ ok: false, refusal: { code: 'no.such.call' } });
  expect(await emit('constructor', {})).toMatchObject({ ok: false, refusal: { code: 'no.such.call' } });
  expect(await emit('room.enter')).toMatchObject({ ok: false, refusal: { code: 'bad.request' } });
  expect(await emit('room.enter', { operationId: glacier.id, since: -1 })).toMatchObject({
    ok: false,
    refusal: { where: 'since' },
  });
  expect(await emit('call', { name: 7 })).toMatchObject({ ok: false, refusal: { where: 'name' } });
  const flood = await Promise.all(
    Array.from({ length: 200 }, () => emit('room.leave', { operationId: glacier.id })),
  );
  const refused = flood.filter((answer) => Reflect.get(Object(answer), 'ok') === false);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]).toMatchObject({ refusal: { code: 'too.many', retryAfter: 1 } });
  expect(live.closed).toBe(false);
});
