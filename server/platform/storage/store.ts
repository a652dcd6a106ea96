import { AsyncLocalStorage } from 'node:async_hooks';
import { Kysely, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely';
import pg from 'pg';

import { BrokenInvariant, invariant, Refusal, refuse } from '#shared/kernel/failures.ts';

/** One open transaction. Store functions take it and nothing else; it is dead once its work has returned. */
export type Tx = Transaction<unknown>;

/**
 * The truth: PostgreSQL 15 or later, or the embedded one. Everything in shared SQL runs on both.
 * Guarantees: `write` is durable (fsync) once it resolves; it is READ COMMITTED and runs once, retries are the
 * caller's (a deadlock is refused as `try.again`). Work that is one statement may say so, and is spared two round trips:
 * the statement is then its own transaction. `read` is one REPEATABLE READ READ ONLY snapshot. Neither may be
 * used inside the other. `close` lets what is under way finish, and refuses what comes later.
 */
export interface Store {
  readonly kind: 'embedded' | 'postgres';
  write<T>(work: (tx: Tx) => Promise<T>, how?: 'one statement'): Promise<T>;
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** COMMIT was sent and not answered: the act may stand or not. Found out by its command id or position, never guessed. */
export class CommitUncertain extends Error {
  constructor(cause: unknown) {
    super('the outcome of a commit is not known', { cause });
    this.name = 'CommitUncertain';
  }
}

pg.types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  invariant(Number.isSafeInteger(value), 'a bigint beyond 2^53');
  return value;
});

const inside = new AsyncLocalStorage<true>();

export function openStore(kind: Store['kind'], pool: pg.Pool, closeEngine: () => Promise<void>): Store {
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  const under = new Set<Promise<unknown>>();
  let closing = false;
  return {
    kind,
    write: (work, how) =>
      track(() => (how === undefined ? transact(db, 'read committed', work) : runAlone(db, work))),
    read: (work) => track(() => transact(db, 'repeatable read', work)),
    async close() {
      closing = true;
      // The pool forgets whoever waits for a connection when it ends: they would wait for ever.
      await Promise.allSettled(under);
      await db.destroy();
      await closeEngine();
    },
  };

  async function track<T>(transaction: () => Promise<T>): Promise<T> {
    if (closing) throw refuse('hub.stopping');
    const running = transaction();
    under.add(running);
    try {
      return await running;
    } finally {
      under.delete(running);
    }
  }
}

async function transact<T>(
  db: Kysely<unknown>,
  isolation: 'read committed' | 'repeatable read',
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  if (inside.getStore()) throw new BrokenInvariant('a transaction was opened inside another');
  let worked = false;
  const builder = db.transaction().setIsolationLevel(isolation);
  const begin = isolation === 'repeatable read' ? builder.setAccessMode('read only') : builder;
  try {
    return await begin.execute(async (tx) => {
      const result = await inside.run(true, () => work(tx));
      worked = true;
      return result;
    });
  } catch (error) {
    if (worked && isConnectionLoss(error)) throw new CommitUncertain(error);
    if (isDeadlock(error)) throw Object.assign(refuse('try.again'), { cause: error });
    if (error instanceof Refusal || !isConnectionLoss(error)) throw error;
    throw Object.assign(refuse('store.unavailable'), { cause: error });
  }
}

/** The database commits a statement outside a transaction by itself, and tells so with its answer. */
async function runAlone<T>(db: Kysely<unknown>, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (inside.getStore()) throw new BrokenInvariant('a transaction was opened inside another');
  let sent = false;
  try {
    return await db.connection().execute((connection) => {
      sent = true;
      return inside.run(true, () => work(connection as Tx));
    });
  } catch (error) {
    if (isDeadlock(error)) throw Object.assign(refuse('try.again'), { cause: error });
    if (error instanceof Refusal || !isConnectionLoss(error)) throw error;
    // An error of the statement itself undid it; a line that broke, or a server that stops or breaks down, says nothing.
    if (sent && !(error instanceof pg.DatabaseError && error.severity === 'ERROR')) {
      throw new CommitUncertain(error);
    }
    throw Object.assign(refuse('store.unavailable'), { cause: error });
  }
}

/** Failures of connections and resources, statements that took too long among them (57014, 25P03), as opposed to wrong SQL. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) return /^(08|53|57|58|25P03)/.test(error.code ?? '');
  if (error.name === 'BrokenInvariant' || error instanceof TypeError) return false;
  return /connect|ECONN|EPIPE|ENOTFOUND|timeout|terminated|stopped|not queryable/i.test(
    `${error.message} ${Reflect.get(error, 'code') ?? ''}`,
  );
}

/** The database undid this transaction so that another could go on: nothing of it stands, and it may run again. */
function isDeadlock(error: unknown): boolean {
  const state = sqlState(error);
  return state === '40P01' || state === '40001';
}

/** SQLSTATE of a refused statement: `23505` is a duplicate key. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

export const duplicateKey = '23505';

export async function rows<Row>(tx: Tx, query: RawBuilder<unknown>): Promise<Row[]> {
  const result = await query.execute(tx);
  return result.rows as Row[];
}

export async function oneRow<Row>(tx: Tx, query: RawBuilder<unknown>): Promise<Row | null> {
  const [first] = await rows<Row>(tx, query);
  return first ?? null;
}

/**
 * Opens a statement that is run all the time: PostgreSQL plans it once for each connection, instead of each time. The
 * embedded store is one session under many connections and takes it like any other.
 */
export const planOnce = sql.raw('/* plan once */');

/**
 * An array whose length the planner does not see. It would take a statement of three rows for cheaper than one of any number, and
 * plan it anew each time: for the commit of a board that took longer than to carry it out.
 */
export function anyLength(
  values: readonly unknown[],
  type: 'text' | 'bigint' | 'integer' | 'bytea',
): RawBuilder<unknown> {
  return sql`(select ${values}::${sql.raw(type)}[])`;
}

export { type RawBuilder, sql };
