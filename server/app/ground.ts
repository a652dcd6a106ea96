import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Bus } from '#server/platform/bus/bus.ts';
import { memoryBus } from '#server/platform/bus/memory.ts';
import { redisBus } from '#server/platform/bus/redis.ts';
import { openEmbedded } from '#server/platform/storage/embedded.ts';
import { openPostgres } from '#server/platform/storage/postgres.ts';
import type { Store } from '#server/platform/storage/store.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';

import type { Config } from './config.ts';

/** What a hub stands on. Tests pass their own clock, chance and bus; `main` the machine's. */
export type Ground = {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  /** For leases, sessions and paces: not moved by whoever sets the clock. `clock` itself unless said. */
  readonly steady?: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  /** The folder with `migrations/` and `client/`. */
  readonly distFolder: string;
  /** Multiplies every rate limit; 1 in life. */
  readonly limitScale: number;
};

/** The folder this file was bundled into. */
export function bundleFolder(): string {
  return path.dirname(fileURLToPath(import.meta.url));
}

export function versionOf(distFolder: string): string {
  const text = fs.readFileSync(path.join(distFolder, '..', 'package.json'), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}

export async function openStoreFor(config: Config, distFolder: string, log: Log): Promise<Store> {
  const onLost = (error: Error) => log.error({ err: error }, 'the store has a problem');
  if (config.DATABASE_URL !== undefined) {
    return openPostgres({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL, onLost }).catch(
      because('DATABASE_URL: the database does not answer'),
    );
  }
  return openEmbedded({
    folder: config.DATA_DIR,
    workerFile: path.join(distFolder, 'embedded-worker.js'),
    imageFolder: path.join(distFolder, 'pg-image'),
    onLost,
  });
}

/** Names the setting in front of what the system said. */
function because(words: string): (error: unknown) => never {
  return (error) => {
    throw new Error(`${words} (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  };
}

export async function openBusFor(config: Config, log: Log): Promise<Bus> {
  if (config.REDIS_URL === undefined) return memoryBus();
  return redisBus({
    url: config.REDIS_URL,
    prefix: 'muster:',
    onError: (error) => log.warn({ err: error }, 'the bus has a problem'),
  });
}
