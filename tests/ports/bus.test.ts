import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';

import type { Bus } from '#server/platform/bus/bus.ts';
import { memoryBus } from '#server/platform/bus/memory.ts';
import { redisBus } from '#server/platform/bus/redis.ts';
import { mustHave, testWith } from '#tests/support/services.ts';

/** Each call gives one more node on the same exchange. */
type Exchange = () => Promise<Bus>;
const errors: Error[] = [];
const open = new Set<Bus>();

const implementations: readonly { name: string; run: typeof test; exchange: () => Exchange }[] = [
  {
    name: 'memory',
    run: test,
    exchange() {
      const shared = new Map();
      return async () => memoryBus(shared);
    },
  },
  {
    name: 'redis',
    run: testWith('redis'),
    exchange() {
      const prefix = `test-${randomBytes(6).toString('hex')}:`;
      return () => redisBus({ url: mustHave('redis'), prefix, onError: (error) => errors.push(error) });
    },
  },
];

afterEach(async () => {
  for (const bus of open) await bus.close();
  open.clear();
  errors.length = 0;
});

/** A node that keeps what it hears on one channel. */
async function node(exchange: Exchange, channel = 'log') {
  const bus = await exchange();
  open.add(bus);
  const heard: unknown[] = [];
  const waiting = new Set<() => void>();
  const end = await bus.subscribe(channel, (message) => {
    heard.push(message);
    for (const wake of waiting) wake();
  });
  const hears = async (count: number) => {
    while (heard.length < count) {
      await new Promise<void>((woken, late) => {
        const timer = setTimeout(() => late(new Error(`heard ${heard.length} of ${count}`)), 5_000);
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          woken();
        };
        waiting.add(wake);
      });
    }
    return heard;
  };
  return { bus, heard, hears, end };
}

describe.each(implementations)('$name bus', ({ run, exchange }) => {
  run('a message reaches every subscriber of its channel, on every node, its sender included', async () => {
    const on = exchange();
    const [here, there] = [await node(on), await node(on)];
    here.bus.publish('log', { log: 'hub', from: 1 });
    const expected = [{ log: 'hub', from: 1 }];
    expect(await here.hears(1)).toEqual(expected);
    expect(await there.hears(1)).toEqual(expected);
  });

  run('messages of one node and channel arrive in the order in which they were sent', async () => {
    const on = exchange();
    const [here, there] = [await node(on), await node(on)];
    for (let n = 0; n < 200; n++) here.bus.publish('log', n);
    expect(await there.hears(200)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  run('channels, and exchanges, are apart', async () => {
    const on = exchange();
    const [log, presence, foreign] = [
      await node(on, 'log'),
      await node(on, 'presence'),
      await node(exchange(), 'log'),
    ];
    log.bus.publish('presence', 'p');
    log.bus.publish('log', 'l');
    expect(await presence.hears(1)).toEqual(['p']);
    expect(await log.hears(1)).toEqual(['l']);
    foreign.bus.publish('log', 'f');
    expect(await foreign.hears(1)).toEqual(['f']);
    expect([log.heard, presence.heard]).toEqual([['l'], ['p']]);
  });

  run('listeners get copies: what one does to a message, the others do not see', async () => {
    const on = exchange();
    const [here, there] = [await node(on), await node(on)];
    const message = { list: [1] };
    here.bus.publish('log', message);
    message.list.push(2);
    expect(await there.hears(1)).toEqual([{ list: [1] }]);
    expect((await here.hears(1))[0]).not.toBe(there.heard[0]);
  });

  run('an ended subscription hears nothing more; others on the node go on', async () => {
    const on = exchange();
    const here = await node(on);
    const alsoHere: unknown[] = [];
    await here.bus.subscribe('log', (message) => alsoHere.push(message));
    const sender = await node(on, 'other');
    sender.bus.publish('log', 1);
    await here.hears(1);
    here.end();
    sender.bus.publish('log', 2);
    const fence = await node(on);
    sender.bus.publish('log', 3);
    await fence.hears(1);
    await expect.poll(() => alsoHere.at(-1)).toBe(3);
    expect(here.heard).toEqual([1]);
  });

  run('publish never throws, also after the end; closing twice does no harm', async () => {
    const { bus } = await node(exchange());
    await bus.close();
    expect(() => bus.publish('log', 'late')).not.toThrow();
    await bus.close();
  });
});

testWith('redis')(
  'a redis bus says when it reaches nobody, and a message that is not JSON is passed over',
  async () => {
    const prefix = `test-${randomBytes(6).toString('hex')}:`;
    const here = await node(() =>
      redisBus({ url: mustHave('redis'), prefix, onError: (error) => errors.push(error) }),
    );
    expect(here.bus.healthy()).toBe(true);
    const { createClient } = await import('redis');
    const raw = await createClient({ url: mustHave('redis') }).connect();
    await raw.publish(`${prefix}log`, '{"half":');
    await raw.publish(`${prefix}log`, '"whole"');
    await raw.close();
    expect(await here.hears(1)).toEqual(['whole']);
    expect(errors.map(({ message }) => message)).toEqual(['a bus message that is not JSON']);
    await here.bus.close();
    expect(here.bus.healthy()).toBe(false);
  },
);
