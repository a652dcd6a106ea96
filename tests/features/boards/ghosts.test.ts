import { afterAll, expect, test } from 'vitest';

import { type MemoryExchange, memoryBus } from '#server/platform/bus/memory.ts';
import { FakeClock } from '#tests/support/clock.ts';
import { nodeBeside } from './node-beside.ts';
import { eventually } from './peer.ts';
import { startBoardHub, stopBoardHubs } from './stores.ts';
import { join, openRoom, put } from './support.ts';

afterAll(stopBoardHubs);

test('[BD-26] the officers of a node that falls silent are gone from the board within 15 seconds', async () => {
  const clock = new FakeClock();
  const exchange: MemoryExchange = new Map();
  const room = await openRoom(undefined, await startBoardHub({ bus: memoryBus(exchange), clock }));
  const doomed = memoryBus(exchange);
  const second = await nodeBeside(room.hub, { bus: doomed, clock });
  const here = await join(room, 'tan.wei');
  const there = await join(room, 'chanida', { url: second.url });
  const seen = () => here.presence.findLast(({ client }) => client === there.doc.clientID)?.state;
  there.sendPresence([{ client: there.doc.clientID, clock: 1, state: '{}' }]);
  await clock.until(() => seen() !== undefined, 25, 'it is seen');
  await clock.until(() => clock.now() % 60_000 > 30_000, 500, 'half a minute of renewals');
  expect(seen()).toMatchObject({ user: { name: 'Chanida Prasert' } });

  doomed.publish = () => undefined;
  const silent = clock.now();
  await clock.until(() => seen() === null, 250, 'the ghost is gone');
  expect(clock.now() - silent).toBeLessThanOrEqual(15_000);
  put(there.doc, 'not dead, only unheard');
  await eventually(() => there.lastAck === there.sent, 'its edits count all the same');
  here.hangUp();
  there.hangUp();
});
