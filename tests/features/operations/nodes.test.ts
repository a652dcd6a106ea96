import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { type MemoryExchange, memoryBus } from '#server/platform/bus/memory.ts';
import { FakeClock } from '#tests/support/clock.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';

/** Two nodes of one hub: one store, one exchange. The second is cut from the bus when a test says so. */
const exchange: MemoryExchange = new Map();
const clock = new FakeClock();
let first: TestHub;
let second: TestHub;
let glacier: Operation;

beforeAll(async () => {
  first = await startHub({ bus: memoryBus(exchange), clock });
  second = await beside(memoryBus(exchange));
  glacier = await first.operation('GLACIER', { chanida: 'officer', sari: 'officer' });
});
afterAll(stopHubs);

function beside(bus: ReturnType<typeof memoryBus>): Promise<TestHub> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'muster-node-'));
  fs.cpSync(path.join(first.folder, 'data', 'secret.key'), path.join(folder, 'data', 'secret.key'), {
    recursive: true,
  });
  return startHub({
    bus,
    clock,
    folder,
    signer: false,
    sharedStore: { ...first.store, close: async () => undefined },
  });
}

const amber = { tlp: 'AMBER', pap: 'AMBER', code: 'H0', caveat: '', evaluation: null };

test('[RM-3] what is said on one node arrives on the other; with a silent bus, a little later', async () => {
  const [tan, chanida] = [await first.signIn('tan.wei'), await second.signIn('chanida')];
  const there = await chanida.connect();
  await there.enter(glacier.id);
  const say = (text: string) =>
    tan.must('POST', `/operations/${glacier.id}/messages`, {
      text,
      compartment: glacier.main,
      handling: amber,
    });
  const heard = () => there.entries.map(({ body }) => Reflect.get(Object(body), 'text'));
  await say('over the bus');
  await clock.until(() => heard().includes('over the bus'), 50, 'the message');
  const listeners = exchange.get('log');
  exchange.delete('log');
  await say('while it was silent');
  await clock.until(() => heard().includes('while it was silent'), 500, 'the message from the store');
  if (listeners !== undefined) exchange.set('log', listeners);
  chanida.close();
});

test('[AC-24] signing out on one node closes the sockets on the other', async () => {
  const chanida = await first.signIn('chanida');
  const elsewhere = second.stranger();
  elsewhere.cookie = chanida.cookie;
  const there = await elsewhere.connect();
  expect((await chanida.post('/sign-out')).status).toBe(200);
  await there.until(() => there.closed, 'the end of the socket');
  expect(there.ended).toMatchObject([{ operationId: null, code: 'session.ended' }]);
});

test('[AC-7] a removal on one node closes the sockets on the other', async () => {
  const [tan, sari] = [await first.signIn('tan.wei'), await second.signIn('sari')];
  const there = await sari.connect();
  await there.enter(glacier.id);
  await tan.must('POST', `/operations/${glacier.id}/members/${first.officerId('sari')}/remove`, {
    reason: '',
  });
  await there.until(() => there.closed, 'the end of the socket');
  expect(there.ended).toMatchObject([{ operationId: glacier.id, code: 'membership.ended' }]);
  const posted = await sari.post(`/operations/${glacier.id}/messages`, {
    text: 'Still?',
    compartment: glacier.main,
    handling: amber,
  });
  expect(posted.status).toBe(404);
});

test('[RM-6] the officers of a node that falls silent are gone after ten seconds', async () => {
  const bus = memoryBus(exchange);
  const third = await beside(bus);
  const [tan, chanida] = [await first.signIn('tan.wei'), await third.signIn('chanida')];
  const [here, there] = [await tan.connect(), await chanida.connect()];
  await here.enter(glacier.id);
  await there.enter(glacier.id);
  const seen = () => here.present.map(({ person }) => person.handle).sort();
  await clock.until(() => seen().length === 2, 50, 'both');
  expect(seen()).toEqual(['chanida', 'tan.wei']);
  await bus.close();
  exchange.get('presence')?.clear();
  clock.advance(8_000);
  expect(seen()).toEqual(['chanida', 'tan.wei']);
  await clock.until(() => seen().length === 1, 1_000, 'the silent node’s officers to go');
  expect(seen()).toEqual(['tan.wei']);
});
