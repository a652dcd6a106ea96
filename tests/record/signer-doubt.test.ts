import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Append } from '#server/platform/facts.ts';
import { type Store, sql } from '#server/platform/storage/store.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

import {
  appendAt,
  grow,
  newRecord,
  openRecordStore,
  originOf,
  putBack,
  type RecordStore,
  scratchFolder,
  signerAt,
  sizesOf,
  storeKinds,
  TestClock,
  until,
} from './support.ts';

describe.each(storeKinds)('%s', (kind) => {
  let ground: RecordStore;
  let store: Store;
  let append: Append;
  beforeAll(async () => {
    ground = await openRecordStore(kind);
    ({ store } = ground);
    append = appendAt(new TestClock());
  });
  afterAll(() => ground.close());

  const remembered = (folder: string, log: OperationId) => path.join(folder, 'last-signed', log);

  /** A record signed at 5 and at 8 entries, and the folder of the signer that did it. */
  async function signedRecord(): Promise<{ log: OperationId; folder: string }> {
    const folder = path.join(scratchFolder(), 'signer');
    const log = await newRecord(store);
    const { signer } = signerAt(store, folder);
    for (const count of [5, 3]) {
      await grow(store, append, log, count);
      await signer.cover(log, 1, 0);
    }
    await signer.stop();
    expect(await sizesOf(store, log)).toEqual([5, 8]);
    return { log, folder };
  }

  /** The next start of that signer: what it says about the record, while another record is signed as ever. */
  async function reasonToStop(folder: string, log: OperationId): Promise<string[]> {
    const sizes = await sizesOf(store, log);
    const clock = new TestClock();
    const { signer, alarms } = signerAt(store, folder, { clock });
    const other = await newRecord(store);
    await grow(store, append, other, 1);
    clock.advance(500);
    await until(async () => (await sizesOf(store, other)).length > 0, 'the other record');
    expect(await signer.cover(log, 1_000, 0)).toBeNull();
    await signer.stop();
    expect(signer.stopped()).toEqual(alarms);
    expect(await sizesOf(store, log)).toEqual(sizes);
    return alarms.filter((alarm) => alarm.log === log).map(({ reason }) => reason);
  }

  test('[RC-34] a record that was put back and is smaller than signed is not signed, others are', async () => {
    const { log, folder } = await signedRecord();
    await putBack(store, log, 6);
    expect(await reasonToStop(folder, log)).toEqual(['the record was signed with 8 entries and now holds 6']);
  });

  test('[RC-34] a record put back to a former checkpoint is noticed without growing', async () => {
    const { log, folder } = await signedRecord();
    await putBack(store, log, 5);
    expect(await reasonToStop(folder, log)).toEqual(['the record was signed with 8 entries and now holds 5']);
  });

  test('[RC-34] as many entries as were signed, but others, are not signed', async () => {
    const { log, folder } = await signedRecord();
    await putBack(store, log, 6);
    await grow(store, append, log, 2);
    expect(await reasonToStop(folder, log)).toEqual(['the first 8 entries are not those that were signed']);
  });

  test('[RC-34] more entries that do not begin with those signed are not signed', async () => {
    const { log, folder } = await signedRecord();
    await putBack(store, log, 6);
    await grow(store, append, log, 20);
    expect(await reasonToStop(folder, log)).toEqual(['the first 8 entries are not those that were signed']);
  });

  test('[RC-34] what another signer published in place of the entries signed here is not gone on from', async () => {
    const { log, folder } = await signedRecord();
    await putBack(store, log, 6);
    await grow(store, append, log, 20);
    const forgetful = path.join(scratchFolder(), 'signer');
    fs.mkdirSync(forgetful, { mode: 0o700 });
    fs.copyFileSync(path.join(folder, 'seed'), path.join(forgetful, 'seed'));
    const { signer } = signerAt(store, forgetful);
    await signer.cover(log, 26, 0);
    await signer.stop();
    expect(await sizesOf(store, log)).toEqual([5, 26]);
    expect(await reasonToStop(folder, log)).toEqual(['the first 8 entries are not those that were signed']);
  });

  test('[RC-34] a record that was signed and is gone is noticed', async () => {
    const { log, folder } = await signedRecord();
    await byForce(
      sql`delete from entry_contents where log_id = ${log}`,
      sql`delete from entries where log_id = ${log}`,
      sql`delete from checkpoints where log_id = ${log}`,
      sql`delete from tree_nodes where log_id = ${log}`,
      sql`delete from logs where id = ${log}`,
    );
    expect(await reasonToStop(folder, log)).toEqual(['a record that was signed is gone']);
  });

  test('[RC-34] a record under another name is not signed', async () => {
    const { log, folder } = await signedRecord();
    await store.write((tx) =>
      sql`update logs set origin = ${`else/op/${log}`} where id = ${log}`.execute(tx),
    );
    expect(await reasonToStop(folder, log)).toEqual([
      expect.stringMatching(/^the newest checkpoint is not signed with this signer's key/),
    ]);
    await byForce(sql`delete from checkpoints where log_id = ${log}`);
    expect(await reasonToStop(folder, log)).toEqual([
      `the record was ${originOf(log)} and is now else/op/${log}`,
    ]);
  });

  test('[RC-34] a record whose checkpoints another key made is not gone on from', async () => {
    const { log } = await signedRecord();
    await grow(store, append, log, 1);
    expect(await reasonToStop(path.join(scratchFolder(), 'signer'), log)).toEqual([
      "the newest checkpoint is not signed with this signer's key: note-no-known-signer",
    ]);
  });

  test('[RC-34] tree hashes that do not give the signed root are not gone on from', async () => {
    const { log, folder } = await signedRecord();
    await byForce(
      sql`update tree_nodes set hash = ${Buffer.alloc(32)} where log_id = ${log} and level = 3 and idx = 0`,
    );
    await grow(store, append, log, 1);
    expect(await reasonToStop(folder, log)).toEqual([
      'the tree hashes in the store do not give the root signed at 8',
    ]);
  });

  test('[RC-34] tree hashes without their checkpoint are not written over', async () => {
    const { log, folder } = await signedRecord();
    await byForce(sql`delete from checkpoints where log_id = ${log} and size = 8`);
    expect(await reasonToStop(folder, log)).toEqual([
      'the store holds tree hashes that no checkpoint covers',
    ]);
  });

  test('[RC-34] a gap among the entries is not signed', async () => {
    const { log, folder } = await signedRecord();
    await grow(store, append, log, 4);
    await byForce(
      sql`delete from entry_contents where log_id = ${log} and seq = 10`,
      sql`delete from entries where log_id = ${log} and seq = 10`,
    );
    expect(await reasonToStop(folder, log)).toEqual(['an entry between 8 and 11 is missing']);
  });

  test.each(['', 'hub.example/op/x\n8\n'])(
    '[RC-34] a memory of what was signed that is damaged stops the record (%j)',
    async (text) => {
      const { log, folder } = await signedRecord();
      fs.writeFileSync(remembered(folder, log), text);
      expect(await reasonToStop(folder, log)).toEqual([expect.stringMatching(/is damaged$/)]);
    },
  );

  /** What only somebody with full power over the database can do. */
  async function byForce(...changes: readonly ReturnType<typeof sql>[]): Promise<void> {
    await store.write(async (tx) => {
      await sql`set local session_replication_role = replica`.execute(tx);
      for (const change of changes) await change.execute(tx);
    });
  }
});
