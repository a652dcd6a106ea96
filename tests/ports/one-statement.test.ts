import { afterAll, describe, expect } from 'vitest';

import {
  CommitUncertain,
  oneRow,
  type RawBuilder,
  rows,
  type Store,
  sql,
  sqlState,
} from '#server/platform/storage/store.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';

import { implementations, lineBreaks, type OpenedStore, removeScratch } from './support/open-stores.ts';

/* What `store.write(work, 'one statement')` promises, on every store. docs/decisions/0008 */

afterAll(removeScratch);

const empty = (store: Store) =>
  store.write(async (tx) => {
    await sql`create table if not exists items (id bigint primary key, note text not null)`.execute(tx);
    await sql`delete from items`.execute(tx);
  });
const insert = (id: number, more: RawBuilder<unknown> = sql``) =>
  sql`${more} insert into items (id, note) values (${id}, '')`;
const alone = (store: Store, statement: RawBuilder<unknown>) =>
  store.write((tx) => rows(tx, statement), 'one statement');
const ids = async (store: Store) =>
  (await store.read((tx) => rows<{ id: number }>(tx, sql`select id from items order by id`))).map(
    ({ id }) => id,
  );
const boom = new Error('boom');

describe.each(implementations)('one statement on the $name store', ({ run, open, openOverBadLine }) => {
  let shared: OpenedStore | null = null;
  afterAll(async () => {
    await shared?.store.close();
    await shared?.drop();
  });

  /** On a store that serves the whole suite, with an empty table. */
  const onStore = (title: string, body: (store: Store) => Promise<void>) =>
    run(title, async () => {
      shared ??= await open();
      await empty(shared.store);
      await body(shared.store);
    });

  /** On one of its own whose line breaks, and again on the same data when that is over. */
  const overBadLine = (
    title: string,
    body: (store: Store) => Promise<void>,
    { leaves }: { leaves: number[] },
  ) =>
    run(title, async () => {
      const { store, again, drop } = await openOverBadLine();
      await empty(store);
      await body(store);
      await store.close();
      const next = await again();
      expect(await ids(next)).toEqual(leaves);
      await next.close();
      await drop();
    });

  onStore('is durable once it is answered', async () => {
    invariant(shared !== null, 'opened before');
    const { store, again, drop } = shared;
    await alone(store, insert(1));
    await store.close();
    shared = { store: await again(), again, drop };
    expect(await ids(shared.store)).toEqual([1]);
  });

  onStore('is all or nothing: an error of its last part undoes its first', async (store) => {
    const twice = sql`with first as (insert into items (id, note) values (1, '') returning id)
                      insert into items (id, note) select id, '' from first`;
    const failed = await alone(store, twice).catch((error: unknown) => sqlState(error));
    expect(failed).toBe('23505');
    const byZero = sql`with first as (insert into items (id, note) values (2, '') returning id)
                       select 1 / (id - id) from first`;
    expect(await alone(store, byZero).catch((error: unknown) => sqlState(error))).toBe('22012');
    expect(await ids(store)).toEqual([]);
  });

  onStore('that finds nothing to do answers so, and leaves nothing', async (store) => {
    const none = await alone(
      store,
      sql`with moved as (update items set note = 'x' where id = 1 returning id)
          insert into items (id, note) select 2, '' from moved returning id`,
    );
    expect([none, await ids(store)]).toEqual([[], []]);
  });

  onStore('passes on what its work throws, and the store goes on', async (store) => {
    const threw = store.write(async () => {
      throw boom;
    }, 'one statement');
    await expect(threw).rejects.toBe(boom);
    const refused = store.write(async () => {
      throw refuse('last.lead');
    }, 'one statement');
    await expect(refused).rejects.toMatchObject({ code: 'last.lead' });
    const nested = store.write(() => store.write(async () => 1), 'one statement');
    await expect(nested).rejects.toThrow('a transaction was opened inside another');
    await alone(store, insert(1));
    expect(await ids(store)).toEqual([1]);
  });

  onStore('many at once do not lose each other’s addition', async (store) => {
    await alone(store, sql`insert into items (id, note) values (1, '0')`);
    const add = sql`update items set note = (note::int + 1)::text where id = 1`;
    await Promise.all(Array.from({ length: 25 }, () => alone(store, add)));
    expect(await store.read((tx) => oneRow(tx, sql`select note from items`))).toEqual({ note: '25' });
  });

  onStore('that a full disk, or another transaction, refused has failed for certain', async (store) => {
    for (const state of ['53100', '58030'])
      await expect(alone(store, raise(state))).rejects.toMatchObject({ code: 'store.unavailable' });
    for (const state of ['40001', '40P01'])
      await expect(alone(store, raise(state))).rejects.toMatchObject({ code: 'try.again' });
    expect(await ids(store)).toEqual([]);
  });

  overBadLine(
    'whose line breaks before it arrives is in doubt, and is not there',
    async (store) => {
      const failed = alone(store, insert(1, sql.raw(lineBreaks.before)));
      await expect(failed).rejects.toBeInstanceOf(CommitUncertain);
    },
    { leaves: [] },
  );

  overBadLine(
    'whose answer is lost is in doubt, and is there',
    async (store) => {
      const failed = alone(store, insert(1, sql.raw(lineBreaks.after)));
      await expect(failed).rejects.toBeInstanceOf(CommitUncertain);
    },
    { leaves: [1] },
  );

  overBadLine(
    'over which the server breaks down is in doubt',
    async (store) => {
      for (const state of ['53100', '58030'])
        await expect(alone(store, raise(state, lineBreaks.panic))).rejects.toBeInstanceOf(CommitUncertain);
    },
    { leaves: [] },
  );
});

/** A statement that writes, and then fails with this SQLSTATE. */
function raise(state: string, more = ''): RawBuilder<unknown> {
  return sql.raw(`${more} do $$ begin
      insert into items (id, note) values (9, '');
      raise exception 'trouble' using errcode = '${state}';
    end $$`);
}
