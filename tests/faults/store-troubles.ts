import path from 'node:path';
import pg from 'pg';

import { pause, until } from './support/chance.ts';
import { type Commit, commitCutter, type When } from './support/commit-cutter.ts';
import { HubProcess } from './support/hub-process.ts';
import { openPostgresServer, type Server } from './support/servers.ts';
import { TcpProxy } from './support/tcp-proxy.ts';
import type { Surroundings, Trouble } from './trouble-rounds.ts';

export type StoreGround = Surroundings & { readonly troubles: readonly Trouble[] };

/** One hub, PostgreSQL, and between them a network that can be made as bad as wanted. */
export async function openStoreGround(folder: string): Promise<StoreGround> {
  const server = await openPostgresServer(path.join(folder, 'postgres'));
  await server.start();
  const cutting: Cutting = { commit: 'COMMIT', when: 'before', left: 0 };
  const due = (commit: Commit) => {
    if (cutting.left === 0 || commit !== cutting.commit) return null;
    cutting.left -= 1;
    return cutting.when;
  };
  const proxy = await TcpProxy.to(server.port, () => commitCutter(due));
  const settings = { DATABASE_URL: throughProxy(server.url, proxy.port) };
  const hub = await HubProcess.at({ folder, settings });
  return {
    hubs: [hub],
    databaseUrl: server.url,
    troubles: [
      ...networkTroubles(proxy, hub),
      ...cutTroubles(cutting),
      ...Object.entries(sqlStates).map(([state, name]) => sqlTrouble(server, state, name)),
      restartTrouble(server, 'SIGQUIT', 'PostgreSQL stopped as by a power cut'),
      restartTrouble(server, 'SIGINT', 'PostgreSQL restarted'),
    ],
    async close() {
      await hub.kill();
      await proxy.close();
      await server.stop();
    },
  };
}

export function throughProxy(url: string, port: number): string {
  const through = new URL(url);
  through.port = String(port);
  return through.href;
}

function networkTroubles(proxy: TcpProxy, hub: HubProcess): Trouble[] {
  return [
    {
      name: 'store refuses',
      async happen(chance) {
        proxy.refuse(true);
        await pause(chance.int(200, 1500));
        proxy.refuse(false);
      },
    },
    {
      name: 'store hangs',
      async happen(chance) {
        proxy.hang(true);
        await pause(chance.int(200, 3000));
        proxy.hang(false);
      },
    },
    {
      name: 'store hangs, then the line breaks',
      async happen(chance) {
        proxy.hang(true);
        await pause(chance.int(100, 1000));
        proxy.cutAll();
        proxy.hang(false);
      },
    },
    {
      name: 'lines to the store go dead without a word',
      slow: true,
      async happen() {
        proxy.abandon();
        // Silence alone tells the hub: it waits as long as the slowest statement may take.
        await pause(36_000);
        await until(() => hub.answers('/readyz'), 'the hub can commit again');
      },
    },
    {
      name: 'line to the store breaks',
      async happen() {
        proxy.cutAll();
      },
    },
  ];
}

/** What is to be cut next, and how many times. */
type Cutting = { commit: Commit; when: When; left: number };

const cuts: Readonly<Record<When, string>> = {
  before: 'line breaks before a commit by',
  after: 'line breaks with the answer to a commit by',
  late: 'line breaks, and then arrives a commit by',
};

function cutTroubles(cutting: Cutting): Trouble[] {
  return (['COMMIT', 'one statement'] as const).flatMap((commit) =>
    (['before', 'after', 'late'] as const).map((when) => ({
      name: `${cuts[when]} ${commit}`,
      async happen(chance) {
        Object.assign(cutting, { commit, when, left: chance.int(1, 4) });
        await until(() => cutting.left === 0, `commits by ${commit} are cut`);
      },
    })),
  );
}

const sqlStates: Readonly<Record<string, string>> = {
  '40001': 'serialization failures',
  '40P01': 'deadlocks',
  '53100': 'disk full, by the store’s word',
  '57014': 'statements cancelled',
};

/** The store refuses some of the entries by itself, with this error. */
function sqlTrouble(server: Server, state: string, name: string): Trouble {
  return {
    name,
    async happen(chance) {
      await asOwner(server, [
        `create or replace function trouble() returns trigger language plpgsql as $$
         begin if random() < 0.4 then raise exception 'trouble' using errcode = '${state}'; end if; return null; end $$`,
        'create or replace trigger trouble before insert on entries for each statement execute function trouble()',
      ]);
      await pause(chance.int(200, 1200));
      await asOwner(server, ['drop trigger trouble on entries']);
    },
  };
}

async function asOwner(server: Server, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

function restartTrouble(server: Server, signal: NodeJS.Signals, name: string): Trouble {
  return {
    name,
    async happen(chance) {
      await server.stop(signal);
      await pause(chance.int(0, 1000));
      await server.start();
    },
  };
}
