import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compose, type Hub } from '#server/app/compose.ts';
import { type Config, readConfig } from '#server/app/config.ts';
import { systemClock, systemRandom } from '#server/app/system.ts';
import { insertDesk, insertOfficer } from '#server/features/identity/index.ts';
import type { Bus } from '#server/platform/bus/bus.ts';
import { memoryBus } from '#server/platform/bus/memory.ts';
import { openEmbedded } from '#server/platform/storage/embedded.ts';
import { openPostgres } from '#server/platform/storage/postgres.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { openLog } from '#server/platform/telemetry/log.ts';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';
import type { Role } from '#shared/policy/can.ts';

import { cast, desks } from './cast.ts';
import { freePort } from './free-port.ts';
import { TestOfficer } from './officer.ts';

const dist = path.resolve(import.meta.dirname, '../../dist');

export type HubOptions = {
  readonly clock?: Clock;
  readonly bus?: Bus;
  /** Another hub's store, for a second node; or a wrapper that breaks. */
  readonly store?: (real: Store) => Store;
  readonly sharedStore?: Store;
  readonly databaseUrl?: string;
  readonly mode?: Config['mode'];
  readonly limitScale?: number;
  readonly folder?: string;
  readonly signer?: boolean;
  readonly port?: number;
  /** The host's word that the database was put back. */
  readonly restored?: string;
};

export type Operation = OperationSummary & { readonly main: string; readonly partners: string };

export type TestHub = {
  readonly hub: Hub;
  readonly store: Store;
  readonly url: string;
  readonly folder: string;
  /** One of the cast, signed in. Each call is a session of its own. */
  signIn(handle: string): Promise<TestOfficer>;
  /** Somebody with a cookie jar and nothing in it. */
  stranger(): TestOfficer;
  /** An operation led by Tan Wei with these members. */
  operation(
    name: string,
    members?: Readonly<Record<string, Role>>,
    given?: { readonly state?: 'planned' | 'live' },
  ): Promise<Operation>;
  officerId(handle: string): OfficerId;
  /** Stops it and leaves its folder, to be copied or started again from. */
  halt(): Promise<void>;
  /** The same hub again, as after a restart: its folders, its database, its keys. */
  restart(): Promise<TestHub>;
  stop(): Promise<void>;
};

const running = new Set<TestHub>();

/** A whole hub in this process, on a database of its own, with the cast already at their desks. */
export async function startHub(options: HubOptions = {}): Promise<TestHub> {
  const folder = options.folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'muster-test-'));
  const config = readConfig(
    {
      PORT: String(options.port ?? (await freePort())),
      DATA_DIR: path.join(folder, 'data'),
      SIGNER_DIR: path.join(folder, 'signer'),
      LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
      SIGNER: String(options.signer ?? true),
      RESTORED: options.restored ?? '',
    },
    options.mode ?? 'exercise',
  );
  const real = options.sharedStore ?? (await openTestStore(config, options.databaseUrl));
  const store = options.store?.(real) ?? real;
  const hub = await compose(config, {
    store,
    bus: options.bus ?? memoryBus(),
    clock: options.clock ?? systemClock,
    random: systemRandom,
    log: openLog(config.LOG_LEVEL),
    version: '0.0.0-test',
    distFolder: dist,
    limitScale: options.limitScale ?? 1000,
  });
  await new Promise<void>((listening) => hub.server.listen(config.PORT, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${config.PORT}`;
  const ids = await seedCast(store);
  const again = () => startHub({ ...options, folder });
  const test = testHub({ hub, store, url, folder, ids, again });
  running.add(test);
  return test;
}

/** Ends every hub that a test file has started; those that share a store of another before that one. */
export async function stopHubs(): Promise<void> {
  for (const hub of [...running].reverse()) await hub.stop();
}

function testHub(given: {
  hub: Hub;
  store: Store;
  url: string;
  folder: string;
  ids: ReadonlyMap<string, OfficerId>;
  again: () => Promise<TestHub>;
}): TestHub {
  const { hub, store, url, folder, ids, again } = given;
  const self: TestHub = {
    hub,
    store,
    url,
    folder,
    stranger: () => new TestOfficer(url),
    async signIn(handle) {
      const officer = new TestOfficer(url);
      await officer.post('/exercise/sign-in', { officer: handle });
      return officer;
    },
    async operation(name, members = {}, given = {}) {
      const lead = await self.signIn('tan.wei');
      const created = await lead.must<OperationSummary>('POST', '/operations', {
        name,
        purpose: 'A test.',
        ...given,
        commandId: lead.commandId(),
      });
      for (const [handle, role] of Object.entries(members)) {
        await lead.must('POST', `/operations/${created.id}/members`, {
          officerId: self.officerId(handle),
          role,
          commandId: lead.commandId(),
        });
      }
      const opened = await lead.must<{ compartments: { id: string; name: string }[] }>(
        'GET',
        `/operations/${created.id}`,
      );
      const named = (wanted: string) => opened.compartments.find((one) => one.name === wanted)?.id ?? '';
      return { ...created, main: named('main'), partners: named('partners') };
    },
    officerId(handle) {
      const id = ids.get(handle);
      if (id === undefined) throw new Error(`nobody in the cast is called ${handle}`);
      return id;
    },
    async halt() {
      if (running.delete(self)) await hub.stop();
    },
    async restart() {
      running.delete(self);
      await hub.stop();
      return again();
    },
    async stop() {
      if (!running.delete(self)) return;
      await hub.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
  return self;
}

async function openTestStore(config: Config, databaseUrl: string | undefined): Promise<Store> {
  const onLost = () => undefined;
  if (databaseUrl !== undefined) return openPostgres({ url: databaseUrl, poolSize: 10, onLost });
  return openEmbedded({
    folder: config.DATA_DIR,
    workerFile: path.join(dist, 'embedded-worker.js'),
    imageFolder: path.join(dist, 'pg-image'),
    onLost,
  });
}

async function seedCast(store: Store): Promise<ReadonlyMap<string, OfficerId>> {
  return store.write(async (tx) => {
    const { rows, sql } = await import('#server/platform/storage/store.ts');
    const known = await rows<{ id: OfficerId; handle: string }>(tx, sql`select id, handle from officers`);
    if (known.length > 0) return new Map(known.map((row) => [row.handle, row.id]));
    const ids = new Map<string, OfficerId>();
    for (const desk of desks) {
      const id = newId<DeskId>(systemRandom);
      await insertDesk(tx, { id, ...desk }, 0);
      for (const { handle, name } of cast.filter((one) => one.desk === desk.code)) {
        const officer = newId<OfficerId>(systemRandom);
        ids.set(handle, officer);
        await insertOfficer(
          tx,
          {
            id: officer,
            deskId: id,
            handle,
            name,
            email: `${handle}@desk.example`,
            hostAdministrator: false,
          },
          0,
        );
      }
    }
    return ids;
  });
}
