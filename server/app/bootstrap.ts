import type { Append } from '#server/platform/facts.ts';
import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';
import { theHub } from '#server/record/author.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { hex } from '#shared/kernel/encoding.ts';
import type { Random } from '#shared/kernel/random.ts';

import type { Config } from './config.ts';

type Given = {
  readonly store: Store;
  readonly append: Append;
  readonly clock: Clock;
  readonly random: Random;
  readonly version: string;
};

/** What was fixed at the first start of this hub; makes it then. A start is an entry of the hub's record. */
export async function bootstrap(
  config: Config,
  { store, append, clock, random, version }: Given,
): Promise<{ logOrigin: string; firstStart: boolean }> {
  return store.write(async (tx) => {
    const found = await oneRow<{ log_origin: string; mode: string }>(
      tx,
      sql`select log_origin, mode from hub for update`,
    );
    const logOrigin = found?.log_origin ?? config.LOG_ORIGIN ?? `muster-${hex(random.bytes(8))}`;
    if (found === null) {
      await sql`insert into hub (log_origin, mode, started_ms) values (${logOrigin}, ${config.mode}, ${clock.now()})`.execute(
        tx,
      );
      await sql`insert into logs (id, origin) values ('hub', ${`${logOrigin}/hub`})`.execute(tx);
    } else {
      refuseOther(config, found);
    }
    await append(tx, {
      log: 'hub',
      epoch: null,
      facts: [
        {
          kind: 'hub.started',
          by: theHub,
          object: null,
          compartment: null,
          outcome: 'ok',
          command: null,
          body: { version, mode: config.mode },
        },
      ],
    });
    return { logOrigin, firstStart: found === null };
  });
}

function refuseOther(config: Config, found: { log_origin: string; mode: string }): void {
  if (found.mode !== config.mode) {
    throw new Error(
      config.mode === 'exercise'
        ? 'This database holds a real hub. Exercise mode has one-click sign-in and only starts on a database of its own: set DATA_DIR or DATABASE_URL to another one.'
        : 'This database holds an exercise. Start it with `npm run exercise`, or set DATA_DIR or DATABASE_URL to another one.',
    );
  }
  if (config.LOG_ORIGIN !== undefined && config.LOG_ORIGIN !== found.log_origin) {
    throw new Error(
      `LOG_ORIGIN is ${config.LOG_ORIGIN}, but this hub's records have been named ${found.log_origin} since its first start.`,
    );
  }
}
