import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';

import { sql } from '#server/platform/storage/store.ts';
import { FakeClock } from '#tests/support/clock.ts';

import { BoardPeer, eventually } from '../peer.ts';
import { startBoardHub, stopBoardHubs } from '../stores.ts';
import { boardUrl, has, join, json, logOf, newBoard, openRoom, peerOf, put, type Room } from '../support.ts';
import { Bytes, presenceFrame } from './bytes.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom({ chanida: 'officer', sari: 'officer', bruno: 'observer' });
});
afterAll(stopBoardHubs);

const MiB = 2 ** 20;

/** The figure at /metrics. */
async function gauge(name: string): Promise<number> {
  const text = await (await fetch(`${room.hub.url}/metrics`)).text();
  return Number(new RegExp(`^muster_board_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

function shownOf(peer: BoardPeer, client: number): unknown {
  return peer.presence.findLast((seen) => seen.client === client)?.state;
}

const say = (peer: BoardPeer, clock: number, state: unknown, client = peer.doc.clientID) =>
  peer.sendPresence([{ client, clock, state: JSON.stringify(state) }]);

test('[BD-20] [BD-50] readers that stop reading cost a bounded amount, hold up nobody, and are brought up to date once they read', async () => {
  const board = await newBoard(await room.hub.signIn('tan.wei'), room.operation);
  const here = { ...room, board };
  const writer = await join(here, 'tan.wei');
  const stalled = await Promise.all(Array.from({ length: 4 }, () => join(here, 'chanida')));
  const watcher = await join(here, 'sari');
  for (const { ws } of stalled) ws.pause();
  const before = process.memoryUsage().arrayBuffers;
  let written = 0;
  // What is on its way in the network's own buffers counts as sent: so it takes a few MiB until the hub notices.
  for (; (await gauge('stale')) < stalled.length; written++) {
    expect(written).toBeLessThan(200);
    // The same card again and again: what is sent grows, the board does not.
    put(writer.doc, 'large', `${written} ${'x'.repeat(200_000)}`);
    await writer.acknowledged();
  }
  await eventually(() => has(watcher.doc, 'large'), 'whoever reads is not held up');
  const grown = process.memoryUsage().arrayBuffers - before;
  expect(grown).toBeLessThan((4 * 3 + 24) * MiB);
  put(writer.doc, 'the last', written);
  await writer.acknowledged();
  for (const { ws } of stalled) ws.resume();
  await eventually(
    () => stalled.every(({ doc }) => has(doc, 'the last')),
    'all are brought up to date',
    20_000,
  );
  for (const { doc, closed } of stalled) expect([closed, json(doc)]).toEqual([null, json(writer.doc)]);
  expect(await gauge('stale')).toBe(0);
  for (const peer of [writer, watcher, ...stalled]) peer.hangUp();
}, 90_000);

test('[BD-18] presence that is deep, repeated, without an object or with a key of JavaScript’s own is refused', async () => {
  const states = (...given: readonly string[]) => {
    const body = new Bytes().uint(given.length);
    for (const state of given) body.uint(7).uint(1).text(state);
    return presenceFrame(body.done());
  };
  for (const [name, frame] of [
    ['40 levels', states(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`)],
    ['2,000 levels', states(`{"a":${'['.repeat(2000)}${']'.repeat(2000)}}`)],
    ['a prototype', states('{"__proto__":{"officer":"x"}}')],
    ['a list', states('[]')],
    ['no JSON', states('{')],
    ['one client twice', states('{}', '{}')],
    ['over 4 KB', states(JSON.stringify({ a: 'x'.repeat(4100) }))],
    ['2^53 states', presenceFrame(new Bytes().uint(2 ** 53).done())],
  ] as const) {
    const hostile = await join(room, 'chanida');
    hostile.raw(frame);
    await hostile.end();
    expect([name, hostile.closed]).toEqual([name, { code: 4400, reason: 'bad.frame' }]);
  }
});

test('[BD-11] [BD-18] one socket is one client id: it takes over nobody’s, and changes not its own', async () => {
  const [tan, chanida, watcher] = [
    await join(room, 'tan.wei'),
    await join(room, 'chanida'),
    await join(room, 'sari'),
  ];
  say(tan, 3, { at: 1 });
  await eventually(() => shownOf(watcher, tan.doc.clientID) !== undefined, 'tan is seen');
  // First under the id of somebody else, gone or with the highest clock there is, then under two of its own.
  say(chanida, 2 ** 53 - 1, { at: 'forged' }, tan.doc.clientID);
  chanida.sendPresence([{ client: tan.doc.clientID, clock: 9, state: 'null' }]);
  say(chanida, 1, { at: 2 });
  say(chanida, 1, { at: 3 }, chanida.doc.clientID + 1);
  say(chanida, 2, { at: 4 });
  await eventually(
    () => Reflect.get(Object(shownOf(watcher, chanida.doc.clientID)), 'at') === 4,
    'its own is seen',
  );
  expect([shownOf(watcher, tan.doc.clientID), shownOf(watcher, chanida.doc.clientID + 1)]).toMatchObject([
    { at: 1, user: { officer: room.hub.officerId('tan.wei') } },
    undefined,
  ]);
  say(tan, 4, { at: 5 });
  await eventually(() => Reflect.get(Object(shownOf(watcher, tan.doc.clientID)), 'at') === 5, 'tan goes on');
  // A clock beyond which nothing comes silences its own sender and nobody else.
  say(chanida, 2 ** 53 - 1, { at: 6 });
  say(chanida, 3, { at: 7 });
  await eventually(
    () => Reflect.get(Object(shownOf(watcher, chanida.doc.clientID)), 'at') === 6,
    'it is the last',
  );
  chanida.hangUp();
  await eventually(() => shownOf(watcher, chanida.doc.clientID) === null, 'and it goes with the socket');
  for (const peer of [tan, watcher]) peer.hangUp();
});

test('[BD-19] [BD-2] two sockets of one replica are one author, and the late close of the old one takes nothing away', async () => {
  const officer = await room.hub.signIn('chanida');
  const watcher = await join(room, 'tan.wei');
  const doc = new Y.Doc();
  const old = peerOf(room, officer, { doc });
  await old.ready();
  say(old, 1, { at: 1 });
  const young = peerOf(room, officer, { doc });
  await young.ready();
  const before = (await logOf(room)).length;
  // Both send it: the document tells both sockets of the change.
  put(doc, 'once');
  for (const peer of [old, young]) await peer.acknowledged();
  say(young, 2, { at: 2 });
  await eventually(
    () => Reflect.get(Object(shownOf(watcher, doc.clientID)), 'at') === 2,
    'the new one is seen',
  );
  old.hangUp();
  put(doc, 'twice');
  await young.acknowledged();
  await eventually(() => has(watcher.doc, 'twice'), 'it is passed on');
  expect(Reflect.get(Object(shownOf(watcher, doc.clientID)), 'at')).toBe(2);
  const written = (await logOf(room)).slice(before).filter(({ kind }) => kind === 'board.updated');
  expect(written.map(({ officer_id }) => officer_id)).toEqual(
    written.map(() => room.hub.officerId('chanida')),
  );
  expect(written).toHaveLength(2);
  young.hangUp();
  await eventually(() => shownOf(watcher, doc.clientID) === null, 'it goes with its last socket');
  watcher.hangUp();
});

test('[BD-47] an officer at many boards at once is at each of them by itself', async () => {
  const lead = await room.hub.signIn('tan.wei');
  const boards = [];
  for (let n = 0; n < 20; n++) boards.push(await newBoard(lead, room.operation));
  const officer = await room.hub.signIn('sari');
  const peers = boards.map(
    ({ id }) =>
      new BoardPeer({
        url: boardUrl({ ...room, board: { ...room.board, id } }),
        origin: room.hub.url,
        cookie: officer.cookie,
      }),
  );
  for (const peer of peers) await peer.ready();
  for (const [n, peer] of peers.entries()) put(peer.doc, `board ${n}`);
  for (const peer of peers) await peer.acknowledged();
  peers[0]?.raw(Uint8Array.of(100, 1, 1));
  await peers[0]?.end();
  expect(peers.map(({ closed }) => closed)).toEqual([
    { code: 4400, reason: 'bad.frame' },
    ...boards.slice(1).map(() => null),
  ]);
  for (const peer of peers) peer.hangUp();
});

test('[BD-17] [BD-48] a client that says nothing for minutes, and reads, stays', async () => {
  const clock = new FakeClock();
  const quiet = await openRoom({}, await startBoardHub({ clock }));
  const silent = await join(quiet, 'tan.wei');
  // A session lasts half an hour without input: that is not what is tried here.
  await quiet.hub.store.write((tx) =>
    sql`update sessions set expires_ms = expires_ms * 2, last_input_ms = last_input_ms * 2`.execute(tx),
  );
  const frames = silent.frames;
  let pings = 0;
  silent.ws.on('ping', () => {
    pings += 1;
  });
  for (let pinged = 0; pinged < 12; pinged++) {
    const before = pings;
    await clock.until(() => pings > before, 1_000, 'the hub to ask for a sign of life');
    await new Promise((soon) => setTimeout(soon, 5));
  }
  expect([silent.closed, silent.frames > frames]).toEqual([null, true]);
  silent.hangUp();
});
