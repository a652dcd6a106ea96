import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { type Store, sql } from '#server/platform/storage/store.ts';
import { nodeBeside } from '#tests/features/boards/node-beside.ts';
import { storeKinds } from '#tests/record/support.ts';
import { type Operation, startHub, stopHubs, type TestHub } from '#tests/support/hub.ts';
import { freshDatabase } from '#tests/support/postgres.ts';

import { covered, originOf, reviewBy, verify } from './support.ts';

describe.each(storeKinds)('%s', (kind) => {
  let signing: TestHub;
  let other: TestHub;
  let operation: Operation;
  let drop: () => Promise<void> = async () => undefined;
  beforeAll(async () => {
    const database: { url?: string; drop?: () => Promise<void> } =
      kind === 'postgres' ? await freshDatabase() : {};
    drop = database.drop ?? drop;
    const given = database.url === undefined ? {} : { databaseUrl: database.url };
    signing = await startHub(given);
    other = await nodeBeside(signing, given);
    operation = await signing.operation('GLACIER');
  });
  afterAll(async () => {
    await stopHubs();
    await drop();
  });

  test('[RC-45] a node that does not sign says the key under which the record is signed', async () => {
    const [there, here] = [await signing.signIn('tan.wei'), await other.signIn('tan.wei')];
    const { head } = await reviewBy(there, operation).checkpoint();
    const { vkey } = await covered(there, operation, head);
    expect(vkey).toMatch(new RegExp(`^${originOf(signing, operation).replaceAll('.', '\\.')}\\+`));
    expect((await reviewBy(here, operation).checkpoint()).vkey).toBe(vkey);
  });

  test('[RC-40] [RC-45] an export of a node that does not sign is sealed by one that does', async () => {
    const here = await other.signIn('tan.wei');
    const review = reviewBy(here, operation);
    const file = await review.export('Court of Appeal');
    const { vkey } = await review.checkpoint();
    const [noted] = (await review.entries({ kind: 'record.exported' })).entries;
    const verdict = await verify(file.body, vkey ?? '');
    expect(verdict).toMatchObject({ ok: true, signer: 'authenticated', origin: originOf(other, operation) });
    expect(verdict.ok && verdict.size).toBeGreaterThan(noted?.seq ?? Number.NaN);
    expect(await requests(other.store)).toBe(0);
  });

  test('[RC-45] what is no end of an export, or belongs to no export on the record, is not sealed', async () => {
    const here = await other.signIn('tan.wei');
    const { seq } = await reviewBy(here, operation).say('Not an export.', operation.main);
    const origin = originOf(other, operation);
    const chain = Buffer.alloc(32).toString('base64');
    const exported = (await reviewBy(here, operation).entries({ kind: 'record.exported' })).entries[0]?.seq;
    const asked = [
      { at: seq, text: `muster-export/1\n${origin}\n${chain}\n` },
      { at: exported, text: `${origin}\n5\n${chain}\n` },
    ];
    for (const { at, text } of asked) {
      await other.store.write((tx) =>
        sql`insert into seal_requests (log_id, seq, text, asked_ms)
            values (${operation.id}, ${at}, ${text}, ${Date.now()})`.execute(tx),
      );
    }
    // An export asked for later is sealed, so the signer has looked at these as well.
    const file = await reviewBy(here, operation).export();
    expect(await verify(file.body)).toMatchObject({ ok: true });
    expect(await requests(other.store)).toBe(2);
    await other.store.write((tx) => sql`delete from seal_requests`.execute(tx));
  });
});

async function requests(store: Store): Promise<number> {
  const { rows } = await store.read((tx) =>
    sql<{ open: number }>`select count(*)::int as open from seal_requests`.execute(tx),
  );
  return rows[0]?.open ?? 0;
}
