import { afterAll, beforeAll, expect } from 'vitest';

import type { Bus } from '#server/platform/bus/bus.ts';
import { redisBus } from '#server/platform/bus/redis.ts';
import type { TestHub } from '#tests/support/hub.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { mustHave, serviceFor, testWith } from '#tests/support/services.ts';
import { nodeBeside } from './node-beside.ts';
import { type BoardPeer, eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { has, join, json, logOf, openRoom, put, type Room, replay } from './support.ts';

/** Three nodes of one hub, each with its own pool of connections and its own line to Redis. */
const test = testWith('postgres', 'redis');
const able = serviceFor('postgres') !== undefined && serviceFor('redis') !== undefined;
let room: Room;
const nodes: TestHub[] = [];
let drop: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  if (!able) return;
  const database = await freshDatabase();
  drop = database.drop;
  const first = await startBoardHub({ bus: await line(), databaseUrl: database.url });
  nodes.push(first);
  for (let n = 0; n < 2; n++) {
    nodes.push(await nodeBeside(first, { bus: await line(), databaseUrl: database.url }));
  }
  room = await openRoom({ chanida: 'officer', sari: 'officer', nguyen: 'officer' }, first);
});
afterAll(async () => {
  await stopBoardHubs();
  await drop();
});

const prefix = `muster-test-${process.pid}:`;
function line(): Promise<Bus> {
  return redisBus({ url: mustHave('redis'), prefix, onError: () => undefined });
}

function joinAt(node: number, handle: string): Promise<BoardPeer> {
  return join(room, handle, { url: nodes[node]?.url ?? '' });
}

test('[BD-6] three nodes on PostgreSQL and Redis: what is written on each is on all, once, in one order', async () => {
  const peers = [await joinAt(0, 'tan.wei'), await joinAt(1, 'chanida'), await joinAt(2, 'sari')];
  for (let n = 0; n < 40; n++) {
    for (const [at, { doc }] of peers.entries()) put(doc, `node ${at} change ${n}`);
    if (n % 4 === 0) await new Promise((resolve) => setTimeout(resolve, n % 3));
  }
  for (const peer of peers) await peer.acknowledged();
  await eventually(
    () => peers.every(({ doc }) => [0, 1, 2].every((at) => has(doc, `node ${at} change 39`))),
    'everybody has everything',
  );
  const recorded = json(await replay(room));
  for (const { doc } of peers) expect(json(doc)).toEqual(recorded);
  const seqs = (await logOf(room)).map(({ seq }) => seq);
  expect(new Set(seqs).size).toBe(seqs.length);
  for (const peer of peers) peer.hangUp();
});

test('[BD-6] a change reaches the other nodes over the bus, long before the clock would heal a loss', async () => {
  const [here, there] = [await joinAt(0, 'tan.wei'), await joinAt(1, 'chanida')];
  const taken: number[] = [];
  for (let n = 0; n < 9; n++) {
    const sent = performance.now();
    put(here.doc, `quick ${n}`);
    await eventually(() => has(there.doc, `quick ${n}`), 'it has arrived');
    taken.push(performance.now() - sent);
  }
  const median = taken.sort((a, b) => a - b)[4] ?? 0;
  expect(median).toBeLessThan(1_000);
  here.hangUp();
  there.hangUp();
});

test('[BD-26] presence goes from node to node over Redis', async () => {
  const [here, there] = [await joinAt(0, 'tan.wei'), await joinAt(2, 'sari')];
  there.sendPresence([{ client: there.doc.clientID, clock: 1, state: '{"cursor":{"x":4}}' }]);
  const seen = () => here.presence.findLast(({ client }) => client === there.doc.clientID)?.state;
  await eventually(() => seen() !== undefined, 'it is seen');
  expect(seen()).toMatchObject({ cursor: { x: 4 }, user: { name: 'Sari Rahma', desk: 'ID-SIBER' } });
  there.hangUp();
  await eventually(() => seen() === null, 'it goes');
  here.hangUp();
});

test('[BD-14] a removal at one node ends commits at all of them', async () => {
  const lead = await nodes[1]?.signIn('tan.wei');
  const removed = await joinAt(2, 'nguyen');
  put(removed.doc, 'before');
  await removed.acknowledged();
  await lead?.must(
    'POST',
    `/operations/${room.operation.id}/members/${room.hub.officerId('nguyen')}/remove`,
    { reason: 'Left the desk.' },
  );
  put(removed.doc, 'after');
  await removed.end();
  expect(removed.closed).toEqual({ code: 4401, reason: 'membership.ended' });
  expect(has(await replay(room), 'after')).toBe(false);
});
