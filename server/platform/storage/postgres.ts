import pg from 'pg';

import { openStore, type Store } from './store.ts';

export type PostgresOptions = {
  readonly url: string;
  readonly poolSize: number;
  /** Told of errors on idle connections; the pool replaces them. */
  readonly onLost: (error: Error) => void;
};

/** PostgreSQL over TCP. `synchronous_commit=on` is set per connection, so a lax server default cannot weaken an acknowledgement. */
export async function openPostgres(options: PostgresOptions): Promise<Store> {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    connectionTimeoutMillis: 10_000,
    options:
      '-c synchronous_commit=on -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000',
    application_name: 'muster',
  });
  pool.on('error', options.onLost);
  const client = await pool.connect();
  client.release();
  return openStore('postgres', pool, async () => undefined);
}
