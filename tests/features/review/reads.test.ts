import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { insertDesk, insertOfficer } from '#server/features/identity/index.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import type { Board } from '#shared/contracts/boards.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { cosign } from '#shared/record/cosignature.ts';
import { namesOf, readsTable } from '#tests/architecture/reads-table.ts';
import { newBoard, peerOf } from '#tests/features/boards/support.ts';
import { takeTo } from '#tests/features/operations/lifecycle/course.ts';
import { certified, purge } from '#tests/features/operations/lifecycle/scene.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import type { TestOfficer } from '#tests/support/officer.ts';
import { refusal, told } from '#tests/support/refusal.ts';
import { sampleOf } from '#tests/support/samples.ts';

import { readingBy } from './reading.ts';
import { amber, covered } from './support.ts';
import {
  askAs,
  freshKey,
  mirroring,
  registered,
  sizeOf,
  textOf,
  vkeyOf,
  witnessesBy,
} from './witnesses/support.ts';

vi.setConfig({ testTimeout: 60_000 });

type Given = Readonly<Record<string, unknown>>;
/** Calls by their names, with what their samples have to hold. */
type Reads = Readonly<Record<string, Given>>;

const table = readsTable().filter(({ sort }) => sort === 'calls');
let hub: TestHub;
let tan: TestOfficer;
let operation: Operation;
let board: Board;

beforeAll(async () => {
  hub = await startHub();
  operation = await hub.operation('GLACIER', { chanida: 'officer', bruno: 'auditor' });
  tan = await hub.signIn('tan.wei');
  board = await newBoard(tan, operation);
});
afterAll(stopHubs);

/** What an act leaves on the records, by kind, and its reply. What the signer anchors by itself is left out. */
async function noted<T>(act: () => Promise<T>): Promise<{ kinds: string[]; reply: T }> {
  const before = new Set((await places()).map(({ place }) => place));
  const reply = await act();
  const after = await places();
  return { kinds: after.filter(({ place }) => !before.has(place)).map(({ kind }) => kind), reply };
}

function places() {
  return hub.store.read((tx) =>
    rows<{ place: string; kind: string }>(
      tx,
      sql`select log_id || ' ' || seq as place, kind from entries
          where kind <> 'record.anchored' order by log_id, entries.seq`,
    ),
  );
}

/** A call of the registry as its own sample, with these values in it. */
function make(who: TestOfficer, name: string, given: Given) {
  const call = allCalls.find((one) => one.name === name);
  if (call === undefined) throw new Error(`there is no call ${name}`);
  const { method, path, body } = sampleOf(call, { operationId: operation.id, ...given });
  return who.request(method, path, body);
}

/** Makes each of these calls twice, as a page does that scrolls or looks again. None of them is an entry. */
async function readTwice(who: TestOfficer, reads: Reads): Promise<void> {
  for (const [name, given] of Object.entries(reads)) {
    const { kinds, reply } = await noted(async () => [
      await make(who, name, given),
      await make(who, name, given),
    ]);
    const answers = reply.map(({ status, body }) => (status === 200 ? 200 : body));
    expect({ name, answers, kinds }).toEqual({ name, answers: [200, 200], kinds: [] });
  }
}

/** The calls that the table has within this opening; a test that provokes them must have them all. */
const within = (opening: string) => namesOf(table.filter((row) => row.within === opening)).sort();

test('[AC-30] a room is opened once in a visit, and what is read in it is no entry more', async () => {
  const indicator = await tan.must<{ id: string }>('POST', `/operations/${operation.id}/indicators`, {
    type: null,
    raw: 'https://pay.example/login',
    note: '',
    compartment: operation.main,
    handling: amber,
  });
  const preview = {
    format: 'csv',
    fileName: 'list.csv',
    content: Buffer.from('type,value\ndomain,login.example\n').toString('base64'),
    compartment: operation.main,
    handling: amber,
  };
  const { importId } = await tan.must<{ importId: string }>(
    'POST',
    `/operations/${operation.id}/imports`,
    preview,
  );
  const { size } = await covered(tan, operation, 2);
  const first = await tan.connect();
  expect((await noted(() => first.enter(operation.id))).kinds).toEqual(['room.entered']);
  const again = await noted(async () => {
    await first.say('room.leave', { operationId: operation.id });
    await first.enter(operation.id);
    const second = await tan.connect();
    await second.enter(operation.id);
    await second.say('presence', {
      operationId: operation.id,
      state: { place: 'chat', board: null, typing: true },
    });
  });
  expect(again.kinds).toEqual([]);
  const reads: Reads = {
    'operations.open': {},
    'operations.members': {},
    'operations.find-officers': { text: 'sari' },
    'boards.list': {},
    'chat.list': {},
    'chat.mark-read': { upTo: 1 },
    'indicators.list': { text: 'pay' },
    'indicators.read': { indicatorId: indicator.id },
    'indicators.preview-import': preview,
    'indicators.import-verdicts': { importId },
    'record.log-checkpoint': {},
    'record.log-tile': { tile: `0/000.p/${size}` },
    'record.proof-file': { seq: 0 },
    'record.anchor': {},
    'record.places': {},
  };
  expect(Object.keys(reads).sort()).toEqual(within('room.entered'));
  await readTwice(tan, reads);
  tan.close();
});

test('[AC-30] a board is opened once for each connection, and its history read within that', async () => {
  const room = { hub, operation, board };
  const { kinds, reply: peer } = await noted(async () => {
    const joining = peerOf(room, tan);
    await joining.ready();
    return joining;
  });
  expect(kinds).toEqual(['board.opened']);
  const reads: Reads = {
    'boards.at': { boardId: board.id },
    'boards.history': { boardId: board.id },
  };
  expect(Object.keys(reads).sort()).toEqual(within('board.opened'));
  await readTwice(tan, reads);
  peer.hangUp();
});

test('[AC-30] [RV-12] each reading of the record is opened once, a search too, and its pages are no entries', async () => {
  const review = readingBy(tan, operation);
  const reading = new Map<string, number>();
  for (const what of ['timeline', 'replay', 'comparison', 'access', 'report']) {
    const { kinds, reply } = await noted(() => review.open(what));
    expect({ what, kinds }).toEqual({ what, kinds: ['record.consulted'] });
    reading.set(what, reply);
  }
  const search = await noted(() => review.search('glacier'));
  expect(search.kinds).toEqual(['record.consulted']);
  await covered(tan, operation, 1);
  const under = (what: string) => ({ reading: reading.get(what) });
  const reads: Reads = {
    'review.entries': {},
    'review.timeline': {},
    'review.found': { reading: search.reply.reading, text: 'glacier', before: 1 },
    'review.state': under('replay'),
    'review.steps': { ...under('replay'), from: 0 },
    'review.compare': { ...under('comparison'), from: 0, to: 2 },
    'review.strip': under('comparison'),
    'review.who-saw': { ...under('access'), seq: 2, entry: 1 },
    'review.access': { ...under('access'), seq: 2 },
    'review.report': under('report'),
    'findings.list': {},
    'record.prove': { seq: 0 },
  };
  expect(Object.keys(reads).sort()).toEqual(within('record.consulted'));
  await readTwice(tan, reads);
});

test('[AC-30] [RC-84] a desk’s mirror is opened once for each run, and its parts are no entries', async () => {
  const silk = await hub.operation('SILK', { chanida: 'officer' });
  const { credential } = await registered(await hub.signIn('chanida'), 'TH-CCIB', silk);
  const mirror = mirroring(hub.url, silk, credential);
  const { kinds, reply: opening } = await noted(() => mirror.open());
  expect(kinds).toEqual(['record.mirrored']);
  expect(within('record.mirrored')).toEqual(['witness.mirror-part']);
  const parts = await noted(async () => [
    (await mirror.part(opening, 0)).status,
    (await mirror.part(opening, 1)).status,
  ]);
  expect(parts).toEqual({ kinds: [], reply: [200, 200] });
});

test('[AC-30] every export and download is an entry, each time', async () => {
  await covered(tan, operation, 1);
  const kept: Readonly<Record<string, { given: Given; kind: string }>> = {
    'indicators.export': { given: { format: 'csv' }, kind: 'indicators.exported' },
    'record.export': { given: { purpose: 'Court' }, kind: 'record.exported' },
    'record.export-pack': {
      given: {
        purpose: 'Court',
        recipient: { kind: 'officer', officerId: hub.officerId('tan.wei') },
        scope: { kind: 'operation' },
      },
      kind: 'record.exported',
    },
    'review.download-report': { given: { format: 'html', purpose: 'Debrief' }, kind: 'record.exported' },
  };
  const streams = allCalls.filter(({ kind, records }) => kind === 'stream' && records.length > 0);
  expect(Object.keys(kept).sort()).toEqual(streams.map(({ name }) => name).sort());
  for (const [name, { given, kind }] of Object.entries(kept)) {
    for (let time = 1; time <= 2; time++) {
      const { kinds, reply } = await noted(() => make(tan, name, given));
      expect({ name, status: reply.status, kinds }).toEqual({ name, status: 200, kinds: [kind] });
    }
  }
});

test('[AC-30] what shows no content of an operation leaves no entry', async () => {
  const admin = await administrator();
  const invited = { deskId: 'd'.repeat(32), name: 'Rui Costa', email: 'rui@desk.example' };
  const { token } = await admin.must<{ token: string }>('POST', '/admin/officers', invited);
  const witness = await registered(tan, 'SG-CCD', operation);
  const browser = freshKey('officer-browser', 'SG-CCD');
  await witnessesBy(tan, operation).register(vkeyOf(browser));
  const { note } = await covered(tan, operation, 1);
  const width = sizeOf((await tan.must<{ note: string }>('GET', '/hub/checkpoint')).note);
  const checkpoint = textOf(note);
  const line = cosign(browser, checkpoint, Math.floor(Date.now() / 1000));
  const purged = await hub.operation('TUNDRA', { bruno: 'auditor' });
  await takeTo(hub, purged, 'archived');
  await purge(hub, purged);
  await certified(hub, purged);
  const program = askAs(hub.url, operation, witness.credential);
  const ofHub = (await witness.hub.checkpoint()).note ?? '';
  const byWitness = await noted(async () => [
    (await program('GET', '/checkpoint?since=0')).status,
    (await program('GET', '/hub/checkpoint?since=0')).status,
    (await witness.cosign(note)).status,
    (await witness.cosign(note)).status,
    (await witness.hub.cosign(ofHub)).status,
    (await witness.hub.cosign(ofHub)).status,
  ]);
  expect(byWitness).toEqual({ kinds: [], reply: Array(6).fill(200) });
  const asOfficer: Reads = {
    'hub.info': {},
    'identity.me': {},
    'operations.list': {},
    'hub.checkpoint': {},
    'hub.log-checkpoint': {},
    'hub.log-tile': { tile: `0/000.p/${width}` },
    'hub.places': { places: '0' },
    'hub.receipt-keys': {},
    'record.checkpoint': {},
    'record.pack-checkpoint': {},
    'witnesses.list': {},
    'witnesses.cosign': { checkpoint, line },
    'lifecycle.read': {},
    'purge.certificate': { operationId: purged.id },
  };
  await readTwice(tan, asOfficer);
  await readTwice(admin, { 'admin.people': {} });
  await readTwice(hub.stranger(), { 'enrolment.read': { token } });
  const tried = [
    ...Object.keys(asOfficer),
    'admin.people',
    'enrolment.read',
    'witness.checkpoint',
    'witness.hub-checkpoint',
    'witness.cosign',
    'witness.cosign-hub',
  ];
  expect(tried.sort()).toEqual(namesOf(table.filter(({ none }) => none)).sort());
});

test('[AC-30] [RC-31] a denial is an entry, its repeats within the minute are no further ones', async () => {
  const denied = [
    ['sari', '/messages', 'not.found'],
    ['chanida', '/candidates?text=sari', 'not.allowed'],
  ] as const;
  for (const [handle, path, code] of denied) {
    const who = await hub.signIn(handle);
    const knock = async () => told(await who.get(`/operations/${operation.id}${path}`));
    const { kinds, reply } = await noted(async () => {
      const known = (await places()).length;
      const answers = [await knock(), await knock()];
      await vi.waitUntil(async () => (await places()).length > known, { timeout: 10_000 });
      return [...answers, await knock()];
    });
    expect({ path, reply, kinds }).toEqual({
      path,
      reply: Array(3).fill(refusal(code)),
      kinds: ['access.refused'],
    });
  }
});

test('[AC-30] [LC-10] an archived operation is opened by saying why, once', async () => {
  const archived = await hub.operation('TAIGA');
  await takeTo(hub, archived, 'archived');
  const at = `/operations/${archived.id}`;
  const asked = await noted(() => tan.get(`${at}/messages`));
  expect({ kinds: asked.kinds, told: told(asked.reply) }).toEqual({
    kinds: [],
    told: refusal('purpose.needed'),
  });
  const stated = await noted(() => tan.must('POST', `${at}/purpose`, { purpose: 'Request 4/26.' }));
  expect(stated.kinds).toEqual(['operation.purpose-stated']);
  await readTwice(tan, {
    'chat.list': { operationId: archived.id },
    'boards.list': { operationId: archived.id },
  });
});

/** A host administrator: no member of anything. */
async function administrator(): Promise<TestOfficer> {
  const [desk, id] = ['d'.repeat(32) as DeskId, 'e'.repeat(32) as OfficerId];
  const host = { handle: 'host', name: 'Host', email: 'host@desk.example', hostAdministrator: true };
  await hub.store.write(async (tx) => {
    await insertDesk(tx, { id: desk, code: 'HOST', name: 'Host', country: 'SG', kind: 'police' }, 0);
    await insertOfficer(tx, { id, deskId: desk, ...host }, 0);
  });
  return hub.signIn('host');
}
