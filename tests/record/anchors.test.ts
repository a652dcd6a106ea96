import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Append, LogId } from '#server/platform/facts.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { startAnchors } from '#server/record/anchors.ts';
import { base64 } from '#shared/kernel/encoding.ts';

import {
  appendAt,
  checkpointsOf,
  grow,
  newRecord,
  openRecordStore,
  originOf,
  type RecordStore,
  scratchFolder,
  signerAt,
  storeKinds,
  TestClock,
  type TestSigner,
  until,
} from './support.ts';

type Anchor = { readonly log: string; readonly size: number; readonly root: string };

describe.each(storeKinds)('%s', (kind) => {
  let ground: RecordStore;
  let store: Store;
  let append: Append;
  let clock: TestClock;
  let signing: TestSigner;
  const nodes: { stop(): Promise<void> }[] = [];
  let looks = 0;
  let under = 0;

  beforeAll(async () => {
    ground = await openRecordStore(kind);
    ({ store } = ground);
    clock = new TestClock();
    append = appendAt(clock);
    signing = signerAt(store, scratchFolder());
    await store.write((tx) =>
      sql`insert into logs (id, origin) values ('hub', ${originOf('hub')})`.execute(tx),
    );
    const counting = async <T>(work: Promise<T>): Promise<T> => {
      under += 1;
      return work.finally(() => {
        under -= 1;
      });
    };
    const counted: Store = {
      ...store,
      read(work) {
        looks += 1;
        return counting(store.read(work));
      },
      write: (work) => counting(store.write(work)),
    };
    // Two nodes, each believing by itself where the hub's record ends.
    for (const own of [append, appendAt(clock)]) {
      nodes.push(
        startAnchors({
          store: counted,
          append: own,
          announce: () => undefined,
          clock,
          signer: signing.signer,
          onError: (error) => {
            throw error;
          },
        }),
      );
    }
  });
  afterAll(async () => {
    for (const node of nodes) await node.stop();
    await signing.signer.stop();
    await ground.close();
  });

  /** Lets every node look once, and waits until each is through. */
  async function look(by: number): Promise<void> {
    const before = looks;
    clock.advance(by);
    await until(() => looks >= before + nodes.length && under === 0, 'a round of every node');
  }

  async function anchorsOf(log: LogId): Promise<Anchor[]> {
    const found = await store.read((tx) =>
      rows<{ object_id: string; payload: Buffer }>(
        tx,
        sql`select e.object_id, c.payload from entries e
            join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
            where e.log_id = 'hub' and e.kind = 'record.anchored' and e.object_id = ${log} order by e.seq`,
      ),
    );
    return found.map(({ object_id, payload }) => {
      const { origin, size, root } = JSON.parse(payload.toString()) as Anchor & { origin: string };
      expect(origin).toBe(originOf(log));
      return { log: object_id, size, root };
    });
  }

  const signedUpTo = async (log: LogId, size: number) => {
    while ((await signing.signer.cover(log, size, 0)) === null);
    const newest = (await checkpointsOf(store, log)).at(-1);
    return { log, size, root: base64(newest?.root ?? new Uint8Array()) };
  };

  test('[RC-46] what has grown is anchored once a minute, once on two nodes', async () => {
    const [busy, quiet, unsigned] = [await newRecord(store), await newRecord(store), await newRecord(store)];
    await grow(store, append, busy, 3);
    await grow(store, append, quiet, 1);
    await grow(store, append, unsigned, 1);
    const first = await signedUpTo(busy, 3);
    const only = await signedUpTo(quiet, 1);
    await look(2_000);
    expect(await anchorsOf(busy)).toEqual([first]);

    await grow(store, append, busy, 2);
    await signedUpTo(busy, 5);
    for (let at = 2_000; at < 60_000; at += 2_000) await look(2_000);
    expect(await anchorsOf(busy)).toEqual([first]);
    await grow(store, append, busy, 4);
    const second = await signedUpTo(busy, 9);
    await look(2_000);
    expect(await anchorsOf(busy)).toEqual([first, second]);
    for (let at = 0; at < 120_000; at += 30_000) await look(30_000);
    expect(await anchorsOf(busy)).toEqual([first, second]);
    expect(await anchorsOf(quiet)).toEqual([only]);
    expect(await anchorsOf(unsigned)).toEqual([]);
  });

  test('[RC-46] a record in doubt is not anchored', async () => {
    const log = await newRecord(store);
    await grow(store, append, log, 2);
    const signed = await signedUpTo(log, 2);
    await look(2_000);
    await store.write((tx) => sql`update logs set head = 1 where id = ${log}`.execute(tx));
    expect(await signing.signer.cover(log, 3, 0)).toBeNull();
    expect(signing.signer.stopped().map((one) => one.log)).toContain(log);
    await store.write((tx) =>
      sql`insert into checkpoints (log_id, size, root, note, signed_ms)
          values (${log}, 4, ${Buffer.alloc(32)}, 'not signed by us', 0)`.execute(tx),
    );
    await look(60_000);
    expect(await anchorsOf(log)).toEqual([signed]);
  });
});
