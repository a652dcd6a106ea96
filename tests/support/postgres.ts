import { randomBytes } from 'node:crypto';
import pg from 'pg';

import { mustHave } from './services.ts';

/** An empty database of this test's own on the PostgreSQL of the run. */
export async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = mustHave('postgres');
  const name = `muster_test_${randomBytes(8).toString('hex')}`;
  await asServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => asServer(server, `drop database if exists ${name} with (force)`) };
}

async function asServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
