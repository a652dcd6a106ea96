import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Dialect } from '../load/dialects.ts';
import { cores, freePort, type Program, type Running, start } from './processes.ts';
import { freshDatabase, type Service } from './services.ts';

export type Services = { readonly postgres: Service | null; readonly redis: Service | null };

/** A system that is up, on a store of its own. */
export type Up = {
  /** One for each node. */
  readonly bases: readonly string[];
  readonly servers: readonly number[];
  readonly helpers: readonly number[];
  stop(): Promise<void>;
};

export type System = {
  readonly name: string;
  readonly title: string;
  /** What an edit that others have seen can still lose. */
  readonly durability: string;
  readonly dialect: Dialect;
  readonly needs: readonly ('postgres' | 'redis')[];
  readonly up: (ground: Ground) => Promise<Up>;
};

export type Ground = {
  readonly services: Services;
  /** Of tests/bench, and of the bundled hub. */
  readonly benchFolder: string;
  readonly distFolder: string;
  /** Everything that is written goes in here, and goes away with it. */
  readonly scratch: string;
  /** More for node, such as a profiler. */
  readonly nodeOptions: readonly string[];
};

export const systems: readonly System[] = [
  {
    name: 'relay',
    title: 'raw `ws` relay',
    durability: 'keeps nothing: the limit of this machine',
    dialect: 'relay',
    needs: [],
    up: (ground) => peer(ground, 'relay.mjs', {}),
  },
  {
    name: 'y-websocket',
    title: 'y-websocket 2.1 server',
    durability: 'memory only',
    dialect: 'y-websocket',
    needs: [],
    up: (ground) => peer(ground, 'y-websocket.mjs', {}),
  },
  {
    name: 'hocuspocus',
    title: 'Hocuspocus 4.7 in memory',
    durability: 'memory only, no store configured',
    dialect: 'hocuspocus',
    needs: [],
    up: (ground) => peer(ground, 'hocuspocus.mjs', {}),
  },
  {
    name: 'hocuspocus-store',
    title: 'Hocuspocus 4.7, store at debounce 0',
    durability: 'shown and acknowledged first, whole state written and synced after',
    dialect: 'hocuspocus',
    needs: [],
    up: (ground) => peer(ground, 'hocuspocus.mjs', { STORE: 'store' }),
  },
  {
    name: 'muster-embedded',
    title: 'Muster, embedded',
    durability: 'on the record and synced before anybody sees it',
    dialect: 'muster',
    needs: [],
    up: (ground) => muster(ground, { nodes: 1, settings: {} }),
  },
  {
    name: 'muster-postgres',
    title: 'Muster, PostgreSQL',
    durability: 'on the record and synced before anybody sees it',
    dialect: 'muster',
    needs: ['postgres'],
    up: async (ground) => muster(ground, { nodes: 1, settings: await postgresSettings(ground) }),
  },
  {
    name: 'muster-nodes',
    title: 'Muster, two nodes with Redis',
    durability: 'on the record and synced before anybody sees it',
    dialect: 'muster',
    needs: ['postgres', 'redis'],
    up: async (ground) => {
      const settings = { ...(await postgresSettings(ground)), REDIS_URL: ground.services.redis?.url ?? '' };
      return muster(ground, { nodes: 2, settings });
    },
  },
];

async function postgresSettings({ services }: Ground): Promise<Record<string, string>> {
  if (services.postgres === null) throw new Error('PostgreSQL is not installed');
  return { DATABASE_URL: await freshDatabase(services.postgres.url) };
}

/** What a server is started with to collect its garbage when told to, and to write of its memory. */
export function collecting(ground: Ground): string[] {
  const hook = pathToFileURL(path.join(ground.benchFolder, 'systems/collect.mjs'));
  hook.searchParams.set('into', memoryFolder(ground));
  return ['--expose-gc', '--import', hook.href];
}

/** Made when it is asked for first. */
export function memoryFolder({ scratch }: Ground): string {
  const folder = path.join(scratch, 'memory');
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

async function peer(ground: Ground, file: string, settings: Record<string, string>): Promise<Up> {
  const folder = fs.mkdtempSync(path.join(ground.scratch, 'system-'));
  const port = await freePort();
  const kept = 'STORE' in settings ? { STORE: folder } : {};
  const environment = { HOST: '127.0.0.1', PORT: String(port), ...kept };
  const program = nodeProgram(ground, path.join(ground.benchFolder, 'peers', file), environment);
  const server = await start({ ...program, signal: 'SIGKILL' });
  return together([{ server, port }], { folder, helpers: [] });
}

async function muster(
  ground: Ground,
  { nodes, settings }: { nodes: number; settings: Record<string, string> },
): Promise<Up> {
  const folder = fs.mkdtempSync(path.join(ground.scratch, 'system-'));
  const running: { server: Running; port: number }[] = [];
  for (let node = 0; node < nodes; node++) {
    const port = await freePort();
    const environment = {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: path.join(folder, node === 0 ? 'data' : `data-${node}`),
      SIGNER_DIR: path.join(folder, node === 0 ? 'signer' : `signer-${node}`),
      SECRET_FILE: path.join(folder, 'secret.key'),
      SIGNER: String(node === 0),
      LOG_LEVEL: 'error',
      ...settings,
    };
    running.push({
      server: await start(nodeProgram(ground, path.join(ground.distFolder, 'hub.js'), environment)),
      port,
    });
  }
  const { postgres, redis } = ground.services;
  const helpers = [
    ...('DATABASE_URL' in settings && postgres !== null ? [postgres.pid] : []),
    ...('REDIS_URL' in settings && redis !== null ? [redis.pid] : []),
  ];
  return together(running, { folder, helpers });
}

function nodeProgram(ground: Ground, file: string, environment: Record<string, string>): Program {
  return {
    command: process.execPath,
    parameters: [...ground.nodeOptions, file],
    environment,
    core: cores.measured,
  };
}

function together(
  running: readonly { server: Running; port: number }[],
  { folder, helpers }: { folder: string; helpers: readonly number[] },
): Up {
  return {
    bases: running.map(({ port }) => `http://127.0.0.1:${port}`),
    servers: running.map(({ server }) => server.pid),
    helpers,
    async stop() {
      await Promise.all(running.map(({ server }) => server.stop()));
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}
