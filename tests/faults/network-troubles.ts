import path from 'node:path';

import { type Chance, pause, until } from './support/chance.ts';
import { fragmenter } from './support/fragmenter.ts';
import { freePort, HubProcess } from './support/hub-process.ts';
import { openPostgresServer } from './support/servers.ts';
import { type Meddle, TcpProxy } from './support/tcp-proxy.ts';
import { type ByteClass, byteClasses, type Direction, wireCutter } from './support/wire-cutter.ts';
import type { Surroundings, Trouble } from './trouble-rounds.ts';

export type NetworkGround = Surroundings & { readonly troubles: readonly Trouble[] };

/** What is to be cut next: so many lines, at this place. */
type Plan = { direction: Direction; place: ByteClass | null; left: number; fragments: boolean };

/** One hub, and between it and its officers a network that can be made as bad as wanted. */
export async function openNetworkGround(
  folder: string,
  chance: Chance,
  held: 'embedded' | 'postgres',
): Promise<NetworkGround> {
  const server = held === 'postgres' ? await openPostgresServer(path.join(folder, 'postgres')) : null;
  await server?.start();
  const plan: Plan = { direction: 'up', place: null, left: 0, fragments: false };
  const port = await freePort();
  const lots = chance.fork();
  const cutter = (direction: Direction): Meddle =>
    wireCutter(direction, (place) => isDue(plan, { direction, place }, lots));
  const proxy = await TcpProxy.to(port, () => ({
    up: inTurn(
      fragmenter(() => plan.fragments),
      cutter('up'),
    ),
    down: cutter('down'),
  }));
  const url = `http://127.0.0.1:${proxy.port}`;
  const settings = { PUBLIC_URL: url, ...(server !== null && { DATABASE_URL: server.url }) };
  const hub = await HubProcess.at({ folder, settings, port, url });
  return {
    hubs: [hub],
    databaseUrl: server?.url,
    troubles: [
      ...(['up', 'down'] as const).flatMap((direction) =>
        byteClasses[direction].map((place) => cutAt(proxy, plan, { direction, place })),
      ),
      ...lineTroubles(proxy, plan),
    ],
    async close() {
      await hub.kill();
      await proxy.close();
      await server?.stop();
    },
  };
}

function inTurn(first: Meddle, second: Meddle): Meddle {
  return (bytes) => {
    const passage = first(bytes);
    return typeof passage === 'object' ? second(passage.bytes) : passage;
  };
}

/** Not the first that comes by, so that all kinds of lines and messages are met. */
function isDue(plan: Plan, met: { direction: Direction; place: ByteClass }, lots: Chance): boolean {
  if (plan.left === 0 || plan.direction !== met.direction || plan.place !== met.place) return false;
  if (!lots.happens(0.4)) return false;
  plan.left -= 1;
  return true;
}

function cutAt(proxy: TcpProxy, plan: Plan, at: { direction: Direction; place: ByteClass }): Trouble {
  const way = at.direction === 'up' ? 'to the hub' : 'from the hub';
  return {
    name: `lines ${way} are cut ${at.place}`,
    async happen(chance) {
      const { cuts } = proxy;
      const many = chance.int(1, 4);
      Object.assign(plan, { ...at, left: many, fragments: at.place === 'between two fragments' });
      // Handshakes come only from those who have no line; when all have one again, they have to lose it once more.
      let next = /handshake/.test(at.place) ? 0 : Number.POSITIVE_INFINITY;
      await until(() => {
        if (proxy.cuts >= cuts + many) return true;
        if (Date.now() < next) return false;
        next = Date.now() + 3_000;
        proxy.cutAll();
        return false;
      }, `${many} lines ${way} were cut ${at.place}`);
      Object.assign(plan, { place: null, fragments: false });
    },
  };
}

function lineTroubles(proxy: TcpProxy, plan: Plan): Trouble[] {
  return [
    {
      name: 'every frame comes in fragments',
      async happen(chance) {
        plan.fragments = true;
        await pause(chance.int(300, 1500));
        plan.fragments = false;
      },
    },
    {
      name: 'all lines are cut at once',
      async happen() {
        proxy.cutAll();
      },
    },
    {
      name: 'nobody gets through for a while',
      async happen(chance) {
        proxy.refuse(true);
        await pause(chance.int(300, 2000));
        proxy.refuse(false);
      },
    },
    {
      name: '300 ms there and back, and stalls as after loss',
      async happen(chance) {
        proxy.delay(150);
        for (let stalls = chance.int(2, 5); stalls > 0; stalls--) {
          await pause(chance.int(200, 800));
          proxy.hang(true);
          await pause(chance.int(100, 600));
          proxy.hang(false);
        }
        proxy.delay(0);
      },
    },
    {
      name: 'lines go dead without a word for a minute',
      slow: true,
      async happen(chance) {
        proxy.abandon();
        await pause(chance.int(30_000, 60_000));
      },
    },
  ];
}
