import { AsyncResource } from 'node:async_hooks';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

import { migrate } from '#server/platform/storage/migrate.ts';
import { oneRow, rows, type Store, sql, sqlState, type Tx } from '#server/platform/storage/store.ts';
import { refuse } from '#shared/kernel/failures.ts';

import { implementations, openInFolder, removeScratch, scratch } from './support/open-stores.ts';

const migrations = path.resolve(import.meta.dirname, '../../server/migrations');

afterAll(removeScratch);

const put = (tx: Tx, id: number, note = '') =>
  sql`insert into items (id, note) values (${id}, ${note})`.execute(tx);
const ids = async (store: Store) =>
  (await store.read((tx) => rows<{ id: number }>(tx, sql`select id from items order by id`))).map(
    ({ id }) => id,
  );
const boom = new Error('boom');

describe.each(implementations)('$name store', ({ run, open }) => {
  let store: Store;
  let reopen: () => Promise<Store>;
  let drop: () => Promise<void> = async () => undefined;
  let opened = false;

  // Opened by the first test that runs, so that an absent service costs nothing.
  const ready = async () => {
    if (opened) return;
    opened = true;
    const made = await open();
    ({ store, drop } = made);
    reopen = made.again;
    await migrate(store, migrations);
    await store.write((tx) =>
      sql`create table items (id bigint primary key, note text not null)`.execute(tx),
    );
  };
  const contract = (title: string, body: () => Promise<void>) =>
    run(title, async () => {
      await ready();
      await body();
    });
  afterAll(async () => {
    if (!opened) return;
    await store.close();
    await drop();
  });

  contract('what a write does is there once it resolves, and nothing of it when it throws', async () => {
    await store.write(async (tx) => {
      await put(tx, 1);
      await put(tx, 2);
    });
    const failing = store.write(async (tx) => {
      await put(tx, 3);
      throw boom;
    });
    await expect(failing).rejects.toBe(boom);
    expect(await ids(store)).toEqual([1, 2]);
  });

  contract('a refusal passes through, and rolls back', async () => {
    const refused = store.write(async (tx) => {
      await put(tx, 4);
      throw refuse('last.lead');
    });
    await expect(refused).rejects.toMatchObject({ code: 'last.lead' });
    expect(await ids(store)).toEqual([1, 2]);
  });

  contract('wrong SQL and a duplicate key fail with their SQLSTATE, and the store goes on', async () => {
    const failed = await store.write((tx) => put(tx, 1)).catch((error: unknown) => sqlState(error));
    expect(failed).toBe('23505');
    const wrong = await store
      .read((tx) => rows(tx, sql`select from nowhere_at_all`))
      .catch((error: unknown) => sqlState(error));
    expect(wrong).toBe('42P01');
    expect(await ids(store)).toEqual([1, 2]);
  });

  contract('a read is one snapshot, and cannot write', async () => {
    const refused = await store.read((tx) => put(tx, 5)).catch((error: unknown) => sqlState(error));
    expect(refused).toBe('25006');
    const count = (tx: Tx) => oneRow<{ n: number }>(tx, sql`select count(*) as n from items`);
    const [before, after] = await store.read(async (tx) => {
      const first = await count(tx);
      // The embedded store is one session: there nothing else can happen meanwhile.
      if (store.kind === 'postgres') await outside(() => store.write((other) => put(other, 6)));
      return [first, await count(tx)];
    });
    expect(after).toEqual(before);
  });

  contract('a transaction inside another is a bug, and says so instead of waiting for ever', async () => {
    for (const outer of ['write', 'read'] as const) {
      for (const inner of ['write', 'read'] as const) {
        const nested = store[outer](() => store[inner](async () => 1));
        await expect(nested).rejects.toThrow('a transaction was opened inside another');
      }
    }
  });

  contract('transactions at the same time all happen, none of them in another', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        store
          .write(async (tx) => {
            await put(tx, 100 + n);
            await sql`select 1`.execute(tx);
            if (n % 3 === 0) throw boom;
          })
          .catch((error: unknown) => expect(error).toBe(boom)),
      ),
    );
    const expected = Array.from({ length: 30 }, (_, n) => 100 + n).filter((_, n) => n % 3 !== 0);
    expect((await ids(store)).filter((id) => id >= 100)).toEqual(expected);
  });

  contract('writes that add to one row do not lose each other’s addition', async () => {
    await store.write((tx) => put(tx, 50, '0'));
    const add = () =>
      store.write((tx) => sql`update items set note = (note::int + 1)::text where id = 50`.execute(tx));
    await Promise.all(Array.from({ length: 25 }, add));
    expect(await store.read((tx) => oneRow(tx, sql`select note from items where id = 50`))).toEqual({
      note: '25',
    });
  });

  contract(
    'values come back as they went: bytes, arrays, nulls, text of every kind, counts as numbers',
    async () => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
      const text = 'ไทย \u0001 😀 \\ \' " %_';
      const row = await store.read((tx) =>
        oneRow(
          tx,
          sql`select ${bytes}::bytea as bytes, ${['a', text]}::text[] as list, ${null}::text as nothing,
                   ${text}::text as text, ${2 ** 52}::bigint as big, ${[bytes, Buffer.of()]}::bytea[] as blobs, true as yes`,
        ),
      );
      expect(row).toEqual({
        bytes,
        list: ['a', text],
        nothing: null,
        text,
        big: 2 ** 52,
        blobs: [bytes, Buffer.of()],
        yes: true,
      });
    },
  );

  contract('[RC-30] the tables of the record take no change, no deletion and no truncation', async () => {
    await store.write(async (tx) => {
      await sql`insert into logs (id, origin) values ('test', 'test.example/op/x')`.execute(tx);
      await sql`insert into entries (log_id, seq, at_ms, kind, outcome, actor_kind, bytes, leaf_hash)
                values ('test', 0, 0, 'hub.started', 'ok', 'hub', ${Buffer.of(1)}, ${Buffer.alloc(32)})`.execute(
        tx,
      );
      await sql`insert into entry_contents (log_id, seq, form, salt, payload)
                values ('test', 0, 'json', ${Buffer.alloc(32)}, ${Buffer.of(1)})`.execute(tx);
    });
    const forbidden = [
      `update entries set kind = 'x' where log_id = 'test'`,
      `delete from entries where log_id = 'test'`,
      `truncate entries cascade`,
      `update entry_contents set payload = '' where log_id = 'test'`,
      `delete from entry_contents where log_id = 'test'`,
      `delete from logs where id = 'test'`,
      `truncate logs cascade`,
    ];
    for (const statement of forbidden) {
      const state = await store
        .write((tx) => sql.raw(statement).execute(tx))
        .catch((error: unknown) => sqlState(error));
      expect(state, statement).toBe('42501');
    }
  });

  contract('migrating again does nothing', async () => {
    expect(await migrate(store, migrations)).toEqual([]);
  });

  contract('of two transactions that wait for each other one is told to try again', async () => {
    if (store.kind === 'embedded') return;
    await store.write(async (tx) => {
      await put(tx, 61);
      await put(tx, 62);
    });
    const locked = barrier(2);
    const both = [
      [61, 62],
      [62, 61],
    ].map(([first, second]) =>
      store.write(async (tx) => {
        await sql`update items set note = 'a' where id = ${first}`.execute(tx);
        await locked();
        await sql`update items set note = 'b' where id = ${second}`.execute(tx);
      }),
    );
    const settled = await Promise.allSettled(both);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'try.again' },
    });
  });

  contract(
    'closing lets what is under way finish, refuses what comes later, and keeps all of it',
    async () => {
      const under = Array.from({ length: 20 }, (_, n) => store.write((tx) => put(tx, 200 + n)));
      const closed = store.close();
      await expect(store.read(async () => 1)).rejects.toMatchObject({ code: 'hub.stopping' });
      await Promise.all([...under, closed]);
      store = await reopen();
      expect((await ids(store)).filter((id) => id >= 200)).toHaveLength(20);
    },
  );

  contract('what was written is there after closing and opening again', async () => {
    const before = await ids(store);
    await store.close();
    store = await reopen();
    expect(await ids(store)).toEqual(before);
  });
});

/** Resolves for all of them once `count` have come. */
function barrier(count: number): () => Promise<void> {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let come = 0;
  return () => {
    come += 1;
    if (come === count) open();
    return opened;
  };
}

/** What another request does meanwhile: it does not run inside the transaction that is open here. */
const outside = AsyncResource.bind(<T>(work: () => Promise<T>): Promise<T> => work());

describe('embedded store', () => {
  test('every commit is an fsync of its own: what was acknowledged survives a power cut', async () => {
    const store = await openInFolder(scratch());
    await store.write((tx) =>
      sql`create table items (id bigint primary key, note text not null)`.execute(tx),
    );
    const before = await store.counts();
    for (let id = 0; id < 50; id++) await store.write((tx) => put(tx, id));
    const after = await store.counts();
    expect(after.fsyncs - before.fsyncs).toBe(50);
    for (let n = 0; n < 50; n++) await ids(store);
    expect((await store.counts()).fsyncs).toBe(after.fsyncs);
    await store.close();
  });

  test('a second one on the same folder is refused with what to do, and the first goes on', async () => {
    const folder = scratch();
    const first = await openInFolder(folder);
    await expect(openInFolder(folder)).rejects.toThrow(/is in use by another Muster process.*DATA_DIR/);
    await first.write((tx) => sql`select 1`.execute(tx));
    await first.close();
    await (await openInFolder(folder)).close();
  });
});
