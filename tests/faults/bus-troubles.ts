import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';

import { type Chance, pause } from './support/chance.ts';
import { HubProcess } from './support/hub-process.ts';
import { type Disorder, pubsubMeddler } from './support/pubsub-meddler.ts';
import { openPostgresServer, openRedisServer, type PostgresServer, type Server } from './support/servers.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import type { Surroundings, Trouble } from './trouble-rounds.ts';

export type BusGround = Surroundings & {
  readonly redis: Server;
  readonly postgres: PostgresServer;
  readonly troubles: readonly Trouble[];
};

/** Hubs on one PostgreSQL and one Redis; all but the first hear Redis through a line that can be meddled with. */
export async function openBusGround(folder: string, chance: Chance, many = 2): Promise<BusGround> {
  const postgres = await openPostgresServer(path.join(folder, 'postgres'));
  const redis = await openRedisServer(path.join(folder, 'redis'));
  await Promise.all([postgres.start(), redis.start()]);
  const state: { disorder: Disorder } = { disorder: 'none' };
  const disordered = chance.fork();
  const proxy = await TcpProxy.to(redis.port, () => ({
    down: pubsubMeddler(disordered, () => state.disorder),
  }));
  const hubs = await Promise.all(
    Array.from({ length: many }, (_, at) => {
      const home = path.join(folder, `hub-${at}`);
      fs.mkdirSync(home, { recursive: true });
      const settings = {
        DATABASE_URL: postgres.url,
        REDIS_URL: `redis://127.0.0.1:${at === 0 ? redis.port : proxy.port}`,
        SECRET_FILE: path.join(folder, 'secret.key'),
        SIGNER: String(at === 0),
      };
      return HubProcess.at({ folder: home, settings });
    }),
  );
  return {
    hubs,
    databaseUrl: postgres.url,
    redis,
    postgres,
    troubles: [
      ...redisTroubles(redis),
      ...lineTroubles(proxy),
      ...(['drop', 'duplicate', 'reorder'] as const).map((disorder) => disorderTrouble(state, disorder)),
      ...hubs.flatMap(hubTroubles),
    ],
    async close() {
      await Promise.all(hubs.map((hub) => hub.kill()));
      await proxy.close();
      await Promise.all([postgres.stop(), redis.stop('SIGKILL')]);
    },
  };
}

function redisTroubles(redis: Server): Trouble[] {
  return [
    {
      name: 'Redis killed and started again',
      async happen(chance) {
        await redis.stop('SIGKILL');
        await pause(chance.int(100, 2000));
        await redis.start();
      },
    },
    {
      name: 'Redis flushed',
      async happen() {
        await sendTo(redis.port, 'FLUSHALL\r\n');
      },
    },
    {
      name: 'Redis pauses',
      async happen(chance) {
        redis.signal('SIGSTOP');
        await pause(chance.int(300, 3000));
        redis.signal('SIGCONT');
      },
    },
  ];
}

function lineTroubles(proxy: TcpProxy): Trouble[] {
  return [
    {
      name: 'one hub cut off from Redis',
      async happen(chance) {
        proxy.refuse(true);
        await pause(chance.int(300, 3000));
        proxy.refuse(false);
      },
    },
    {
      name: 'one hub’s line to Redis hangs',
      async happen(chance) {
        proxy.hang(true);
        await pause(chance.int(300, 3000));
        proxy.hang(false);
      },
    },
  ];
}

function disorderTrouble(state: { disorder: Disorder }, disorder: 'drop' | 'duplicate' | 'reorder'): Trouble {
  const names = { drop: 'hints are lost', duplicate: 'hints come twice', reorder: 'hints come out of order' };
  return {
    name: names[disorder],
    async happen(chance) {
      state.disorder = disorder;
      await pause(chance.int(300, 2000));
      state.disorder = 'none';
    },
  };
}

function hubTroubles(hub: HubProcess, at: number): Trouble[] {
  const which = at === 0 ? 'the signing hub' : 'the other hub';
  return [
    {
      name: `${which} killed and started again`,
      async happen() {
        await hub.kill();
        hub.spawn();
        await hub.ready();
      },
    },
    {
      name: `${which} frozen for a while`,
      async happen(chance) {
        hub.freeze();
        await pause(chance.int(200, 2500));
        hub.thaw();
      },
    },
  ];
}

function sendTo(port: number, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(command));
    socket.once('error', reject);
    socket.once('data', () => {
      socket.destroy();
      resolve();
    });
  });
}
