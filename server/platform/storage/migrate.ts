import fs from 'node:fs';
import path from 'node:path';

import { rows, type Store, sql } from './store.ts';

/**
 * Runs the files of `folder` (`NNNN-feature-what.sql`) that have not run, in order, one transaction each.
 * Several hubs may start at once: the table lock lets one through, the others find nothing left to do.
 */
export async function migrate(store: Store, folder: string): Promise<string[]> {
  await store.write(async (tx) => {
    await sql`create table if not exists migrations (name text primary key, ran_at timestamptz not null default now())`.execute(
      tx,
    );
  });
  const files = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const ran: string[] = [];
  for (const name of files) {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    if (await runOnce(store, name, text)) ran.push(name);
  }
  return ran;
}

async function runOnce(store: Store, name: string, text: string): Promise<boolean> {
  return store.write(async (tx) => {
    await sql`lock table migrations in exclusive mode`.execute(tx);
    const done = await rows(tx, sql`select 1 from migrations where name = ${name}`);
    if (done.length > 0) return false;
    for (const statement of statementsOf(text)) await sql.raw(statement).execute(tx);
    await sql`insert into migrations (name) values (${name})`.execute(tx);
    return true;
  });
}

/** Statements end with a semicolon at the end of a line; function bodies between `$$` are kept whole. */
function statementsOf(text: string): string[] {
  const parts = text.split('$$');
  const joined: string[] = [''];
  parts.forEach((part, index) => {
    if (index % 2 === 1) {
      joined[joined.length - 1] += `$$${part}$$`;
      return;
    }
    const [first = '', ...rest] = part.split(/;\s*(?:\n|$)/);
    joined[joined.length - 1] += first;
    joined.push(...rest);
  });
  return joined
    .map((statement) => statement.replace(/^--.*$/gm, '').trim())
    .filter((statement) => statement !== '');
}
