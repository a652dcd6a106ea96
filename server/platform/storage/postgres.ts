import net from 'node:net';
import pg from 'pg';

import { PlanningClient } from './planning-client.ts';
import { openStore, type Store } from './store.ts';

export type PostgresOptions = {
  readonly url: string;
  readonly poolSize: number;
  /** Told of errors on idle connections; the pool replaces them. Those in use tell their transaction. */
  readonly onLost: (error: Error) => void;
};

/** Longer than any statement may take: a line that is silent for so long is dead, and whoever waits for it is told so. */
const DEAD_AFTER = 35_000;

/** PostgreSQL over TCP. `synchronous_commit=on` is set per connection, so a lax server default cannot weaken an acknowledgement. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 10_000,
    // Compiling a statement, which the server does when it expects it to be dear, takes longer than any of ours.
    options:
      '-c synchronous_commit=on -c statement_timeout=30000 -c idle_in_transaction_session_timeout=15000 -c jit=off',
    application_name: 'muster',
    Client: PlanningClient,
  });
  // pg hangs the whole client on the errors of idle connections: nothing that belongs in a log.
  pool.on('error', (error) => {
    Reflect.deleteProperty(error, 'client');
    options.onLost(error);
  });
  // A connection that breaks while it is in use also tells whoever uses it; without a listener it would end the process.
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    const stream: unknown = Reflect.get(Object(Reflect.get(client, 'connection')), 'stream');
    if (!(stream instanceof net.Socket)) return;
    stream.setTimeout(DEAD_AFTER, () => stream.destroy(new Error('the connection to the store went dead')));
  });
  const client = await pool.connect();
  client.release();
  return openStore('postgres', pool, async () => undefined);
}
