import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Append } from '#server/platform/facts.ts';
import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';
import { watchCheckpoints } from '#server/record/checkpoint-watch.ts';
import { proofReader } from '#server/record/tree-nodes.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { parseCheckpoint } from '#shared/record/checkpoint.ts';
import { parseVkey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { checkConsistency, proveConsistency, readRoot } from '#shared/record/proof.ts';

import {
  appendAt,
  checkpointsOf,
  grow,
  newRecord,
  openRecordStore,
  originOf,
  type RecordStore,
  rootOf,
  START,
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

  const newFolder = () => path.join(scratchFolder(), 'signer');
  const rememberedSize = (folder: string, log: OperationId) =>
    Number(fs.readFileSync(path.join(folder, 'last-signed', log), 'utf8').split('\n')[1]);

  /** Every checkpoint is signed, speaks of this record, has the root of its entries and holds the one before. */
  async function expectGoodCheckpoints(log: OperationId, vkey: string): Promise<void> {
    const key = parseVkey(vkey);
    let before = { size: 0, root: await rootOf(store, log, 0) };
    for (const { size, note } of await checkpointsOf(store, log)) {
      const root = await rootOf(store, log, size);
      const signed = verifyNote(note, key === null ? [] : [key]);
      expect(signed.ok && parseCheckpoint(signed.text)).toEqual({ origin: originOf(log), size, root });
      const proof = await store.read((tx) => proveConsistency(proofReader(tx, log), before.size, size));
      const claim = { from: before.size, fromRoot: before.root, to: size, toRoot: root };
      expect(checkConsistency(claim, proof)).toEqual({ ok: true });
      before = { size, root };
    }
  }

  test('[RC-33] every half second each record that has grown is signed up to its newest entry, in steps', async () => {
    const clock = new TestClock();
    const { signer, alarms } = signerAt(store, newFolder(), { clock, batch: 4 });
    const [glacier, quiet] = [await newRecord(store), await newRecord(store)];
    await grow(store, append, glacier, 10);
    clock.advance(499);
    expect(await sizesOf(store, glacier)).toEqual([]);
    clock.advance(1);
    await until(async () => (await sizesOf(store, glacier)).includes(10), 'the first checkpoints');
    await grow(store, append, glacier, 3);
    await until(async () => {
      clock.advance(500);
      return (await sizesOf(store, glacier)).includes(13);
    }, 'the next checkpoint');
    clock.advance(500);
    await signer.stop();
    expect(await sizesOf(store, glacier)).toEqual([4, 8, 10, 13]);
    expect(await sizesOf(store, quiet)).toEqual([]);
    await expectGoodCheckpoints(glacier, signer.keyOf(originOf(glacier)));
    expect(alarms).toEqual([]);
  });

  test('[RC-33] a checkpoint and the tree hashes it completes appear together', async () => {
    const log = await newRecord(store);
    const { signer } = signerAt(store, newFolder(), { batch: 7 });
    await grow(store, append, log, 100);
    await signer.cover(log, 1, 0);
    const read = () =>
      store.read(async (tx) => ({
        newest: await oneRow<{ size: number }>(
          tx,
          sql`select max(size) as size from checkpoints where log_id = ${log}`,
        ),
        nodes: await oneRow<{ count: number }>(
          tx,
          sql`select count(*) as count from tree_nodes where log_id = ${log}`,
        ),
      }));
    // Of n leaves, n less the number of ones in n: the inner nodes that are complete.
    expect(await read()).toEqual({ newest: { size: 7 }, nodes: { count: 4 } });
    while ((await signer.cover(log, 100, 0)) === null);
    await signer.stop();
    expect(await read()).toEqual({ newest: { size: 100 }, nodes: { count: 97 } });
    for (const size of [1, 7, 64, 99, 100]) {
      const root = await store.read((tx) => readRoot(proofReader(tx, log), size));
      expect(Buffer.from(root)).toEqual(Buffer.from(await rootOf(store, log, size)));
    }
  });

  test('[RC-35] what is signed is on disk before it is published', async () => {
    const log = await newRecord(store);
    const folder = newFolder();
    const seen: number[] = [];
    const watched: Store = {
      ...store,
      write(work) {
        seen.push(rememberedSize(folder, log));
        return store.write(work);
      },
    };
    const { signer } = signerAt(watched, folder, { batch: 3 });
    await grow(store, append, log, 5);
    await signer.cover(log, 3, 0);
    await signer.cover(log, 5, 0);
    await signer.stop();
    expect(seen).toEqual([3, 5]);
  });

  test.each(['before', 'after'] as const)(
    '[RC-35] a signer that dies just %s the store has the checkpoint is gone on from by the next one',
    async (moment) => {
      const log = await newRecord(store);
      const folder = newFolder();
      const dying: Store = {
        ...store,
        async write(work) {
          if (moment === 'after') await store.write(work);
          throw new Error('died');
        },
      };
      await grow(store, append, log, 5);
      const first = signerAt(store, folder);
      await first.signer.cover(log, 5, 0);
      await first.signer.stop();
      await grow(store, append, log, 6);
      const dead = signerAt(dying, folder);
      await dead.signer.cover(log, 11, 0);
      await dead.signer.stop();
      expect([await sizesOf(store, log), rememberedSize(folder, log)]).toEqual([
        moment === 'before' ? [5] : [5, 11],
        11,
      ]);
      await grow(store, append, log, 2);
      const next = signerAt(store, folder, { batch: 1 });
      while ((await next.signer.cover(log, 13, 0)) === null);
      await next.signer.stop();
      expect(await sizesOf(store, log)).toEqual([5, 11, 12, 13]);
      await expectGoodCheckpoints(log, next.signer.keyOf(originOf(log)));
      expect([...dead.alarms, ...next.alarms]).toEqual([]);
    },
  );

  test('[RC-36] two signers of one seed take turns, at once or one after the other', async () => {
    const log = await newRecord(store);
    const [folderA, folderB] = [newFolder(), newFolder()];
    const a = signerAt(store, folderA, { batch: 5 });
    fs.mkdirSync(folderB, { recursive: true, mode: 0o700 });
    fs.copyFileSync(path.join(folderA, 'seed'), path.join(folderB, 'seed'));
    const b = signerAt(store, folderB, { batch: 3 });
    for (let total = 20; total <= 100; total += 20) {
      await grow(store, append, log, 20);
      const both = [a, b].map(async ({ signer }) => {
        while ((await signer.cover(log, total, 0)) === null);
      });
      await Promise.all(both);
    }
    await Promise.all([a.signer.stop(), b.signer.stop()]);
    const sizes = await sizesOf(store, log);
    expect(sizes.at(-1)).toBe(100);
    await expectGoodCheckpoints(log, a.signer.keyOf(originOf(log)));
    expect([...a.alarms, ...b.alarms]).toEqual([]);
    // Each remembers what it signed itself; neither remembers more than is published.
    expect(Math.max(rememberedSize(folderA, log), rememberedSize(folderB, log))).toBe(100);
  });

  test('[RC-36] a signer that was overtaken publishes nothing and reads again', async () => {
    const log = await newRecord(store);
    const folder = newFolder();
    await grow(store, append, log, 4);
    const faster = signerAt(store, folder);
    const overtaken = signerAt(
      {
        ...store,
        async write(work) {
          await faster.signer.cover(log, 4, 0);
          return store.write(work);
        },
      },
      folder,
      { batch: 4 },
    );
    await overtaken.signer.cover(log, 4, 0);
    expect(await sizesOf(store, log)).toEqual([4]);
    await grow(store, append, log, 1);
    await faster.signer.cover(log, 5, 0);
    expect(await overtaken.signer.cover(log, 5, 0)).toMatchObject({ size: 5 });
    await Promise.all([overtaken.signer.stop(), faster.signer.stop()]);
    expect([...faster.alarms, ...overtaken.alarms]).toEqual([]);
  });

  test('[RC-37] without a signer work goes on, an alarm is raised, and everything is signed later', async () => {
    const lone = await openRecordStore(kind);
    const clock = new TestClock();
    let looks = 0;
    const counted: Store = {
      ...lone.store,
      read: (work) =>
        lone.store.read(work).finally(() => {
          looks += 1;
        }),
    };
    const watch = watchCheckpoints({ store: counted, clock, onError: fail });
    const look = async () => {
      const before = looks;
      clock.advance(10_000);
      await until(() => looks > before, 'a look');
      return watch.alarms();
    };
    const log = await newRecord(lone.store);
    await grow(lone.store, appendAt(clock), log, 2);
    expect([await look(), await look()]).toEqual([[], []]);
    await grow(lone.store, appendAt(clock), log, 1);
    expect(await look()).toEqual([
      `checkpoints stall: 1 of the records holds entries that nobody has signed since ${isoTime(START)}`,
    ]);
    const { signer } = signerAt(lone.store, newFolder());
    expect(await signer.cover(log, 3, 0)).toMatchObject({ size: 3 });
    expect(await look()).toEqual([]);
    await signer.stop();
    watch.stop();
    await lone.close();
  });
});

function fail(error: unknown): never {
  throw error;
}
