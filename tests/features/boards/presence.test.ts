import { afterAll, beforeAll, expect, test } from 'vitest';

import type { BoardPeer } from './peer.ts';
import { eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { join, logOf, openRoom, type Room, stock } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(stopBoardHubs);

function stateOf(peer: BoardPeer, client: number): unknown {
  return peer.presence.findLast((seen) => seen.client === client)?.state;
}

test('[BD-18] presence carries the name of the session, whatever the client claims, and is never stored', async () => {
  const [one, two] = [await join(room, 'tan.wei'), await join(room, 'bruno')];
  const entries = (await logOf(room)).length;
  const claimed = { user: { name: 'Somebody Else', officer: 'x' }, cursor: { x: 1, y: 2 } };
  two.sendPresence([{ client: two.doc.clientID, clock: 1, state: JSON.stringify(claimed) }]);
  await eventually(() => stateOf(one, two.doc.clientID) !== undefined, 'it is seen');
  expect(stateOf(one, two.doc.clientID)).toEqual({
    cursor: { x: 1, y: 2 },
    user: {
      officer: room.hub.officerId('bruno'),
      name: 'Bruno Lefevre',
      desk: 'FR-OFAC',
      country: 'FR',
      color: expect.stringMatching(/^#[0-9a-f]{6}$/),
    },
  });
  expect((await logOf(room)).length).toBe(entries);
  const late = await join(room, 'chanida');
  expect(stateOf(late, two.doc.clientID)).toEqual(stateOf(one, two.doc.clientID));
  for (const peer of [one, two, late]) peer.hangUp();
});

test('[BD-18] states of others are passed over; a state over 4 KB is refused', async () => {
  const [one, two] = [await join(room, 'tan.wei'), await join(room, 'chanida')];
  one.sendPresence([{ client: one.doc.clientID, clock: 1, state: '{"at":1}' }]);
  await eventually(() => stateOf(two, one.doc.clientID) !== undefined, 'one is seen');
  two.sendPresence([
    { client: two.doc.clientID, clock: 1, state: '{}' },
    { client: one.doc.clientID, clock: 9, state: 'null' },
    { client: 77, clock: 1, state: '{}' },
  ]);
  await eventually(() => stateOf(one, two.doc.clientID) !== undefined, 'two is seen');
  expect([stateOf(two, one.doc.clientID), stateOf(one, 77)]).toMatchObject([{ at: 1 }, undefined]);
  two.sendPresence([{ client: two.doc.clientID, clock: 2, state: JSON.stringify({ at: 'x'.repeat(4100) }) }]);
  await two.end();
  expect(two.closed).toEqual({ code: 4400, reason: 'bad.frame' });
  one.hangUp();
});

test('[BD-19] when a socket closes, its state goes, and a stock client that returns is seen again', async () => {
  const watcher = await join(room, 'tan.wei');
  const visitor = await stock(room, 'chanida');
  visitor.awareness.setLocalStateField('cursor', 1);
  const { clientID } = visitor.doc;
  await eventually(() => stateOf(watcher, clientID) !== undefined, 'the visitor is seen');
  visitor.disconnect();
  await eventually(() => stateOf(watcher, clientID) === null, 'the visitor is gone');
  visitor.connect();
  await eventually(() => stateOf(watcher, clientID) !== null, 'the visitor is back');
  visitor.destroy();
  watcher.hangUp();
});
