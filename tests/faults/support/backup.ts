import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';

import { oneRow, sql } from '#server/platform/storage/store.ts';

import { openStoreOf } from '../history/read-record.ts';
import { pause, until } from './chance.ts';
import type { HubProcess } from './hub-process.ts';
import type { PostgresServer } from './servers.ts';

const run = promisify(execFile);

/** A copy of everything PostgreSQL holds, as it was at one moment. */
export type Backup = {
  readonly folder: string;
  /** How many entries of the record that is asked about it has. */
  readonly head: number;
};

export type Around = {
  readonly postgres: PostgresServer;
  /** Those that run go on running. */
  readonly hubs: readonly HubProcess[];
  /** The record the caller wants to know the head of. */
  readonly log: string;
};

/** `noted` is called at the moment that the copy is of: everybody has been told what was committed until then. */
export async function takeBackup(
  { postgres, hubs, log }: Around,
  noted: (head: number) => void,
): Promise<Backup> {
  const folder = `${postgres.data}-backup`;
  await stopAndHear(postgres, hubs);
  const running = hubs.filter(({ isRunning }) => isRunning);
  for (const hub of running) hub.freeze();
  await fs.promises.rm(folder, { recursive: true, force: true });
  await run('cp', ['-a', postgres.data, folder]);
  const head = await startAndRead(postgres, log);
  noted(head);
  for (const hub of running) hub.thaw();
  return { folder, head };
}

/** What came after the backup is gone once this resolves; `noted` is called while nobody can commit. */
export async function putBack(
  { postgres, hubs }: Omit<Around, 'log'>,
  backup: Backup,
  noted: () => void | Promise<void>,
): Promise<void> {
  await stopAndHear(postgres, hubs);
  await noted();
  await fs.promises.rm(postgres.data, { recursive: true });
  await run('cp', ['-a', backup.folder, postgres.data]);
  await startAndRead(postgres, 'hub');
}

/** Hubs that run have heard all that PostgreSQL answered, and their people all that the hubs said. */
async function stopAndHear(postgres: PostgresServer, hubs: readonly HubProcess[]): Promise<void> {
  await postgres.stop();
  for (const hub of hubs)
    if (hub.isRunning) await until(() => hub.answers('/healthz'), 'a hub lives on without its store');
  await pause(300);
}

/** Resolves with the head of the record once PostgreSQL answers, which is later than that it listens. */
async function startAndRead(postgres: PostgresServer, log: string): Promise<number> {
  await postgres.start();
  let head: number | null = null;
  await until(async () => {
    head = await headOf(postgres, log).catch(() => null);
    return head !== null;
  }, 'PostgreSQL answers again');
  return head ?? 0;
}

async function headOf(postgres: PostgresServer, log: string): Promise<number> {
  const store = await openStoreOf({ dataFolder: '', databaseUrl: postgres.url });
  const row = await store
    .read((tx) => oneRow<{ head: number }>(tx, sql`select head from logs where id = ${log}`))
    .finally(() => store.close());
  return row?.head ?? 0;
}
