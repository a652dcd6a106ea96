import { fork } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '#server/app/system.ts';
import { followRecords } from '#server/features/review/words/follower.ts';
import { readBoardsOnWorker } from '#server/features/review/words/on-worker.ts';
import { forgetIndex } from '#server/features/review/words/store.ts';
import { rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { asId, type CompartmentId, type OfficerId, type OperationId } from '#shared/kernel/ids.ts';
import { writeLongRecord } from '#tests/record/long-record.ts';
import {
  appendAt,
  grow,
  newRecord,
  openRecordStore,
  type RecordStore,
  storeKinds,
} from '#tests/record/support.ts';
import { testWith } from '#tests/support/services.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const opened: RecordStore[] = [];
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(async () => {
  for (const one of opened) await one.close();
});

async function recordOf(kind: Store['kind'], entries: number): Promise<{ store: Store; log: OperationId }> {
  const record = await openRecordStore(kind);
  opened.push(record);
  const log = await newRecord(record.store);
  await writeLongRecord(record.store, {
    operation: log,
    compartments: ['a', 'b'].map((id) => asId<CompartmentId>(id.repeat(32))),
    officers: ['SG', 'TH'].map((country, n) => ({ id: asId<OfficerId>(String(n).repeat(32)), country })),
    entries,
    seed: 5,
    pace: 20_000,
  });
  return { store: record.store, log };
}

function follow(store: Store, errors: unknown[] = [], clock: Clock = systemClock) {
  const boards = readBoardsOnWorker(path.join(root, 'dist/review-worker.js'), systemClock);
  const follower = followRecords({
    store,
    clock,
    boards,
    onError: (error) => errors.push(error),
  });
  stops.push(async () => {
    await Promise.all([follower.stop(), boards.stop()]);
  });
  return follower;
}

/** All that is derived of one record. Sentences that repeat within a batch are kept once, so texts are compared as sets. */
async function derivedOf(store: Store, log: OperationId) {
  return store.read(async (tx: Tx) => ({
    progress: await rows(tx, sql`select up_to from review_progress where log_id = ${log}`),
    tally: await rows(
      tx,
      sql`select hour, kind, outcome, country, officer_id, compartment_id, entries, first_seq, last_seq from review_tally
          where log_id = ${log} order by first_seq`,
    ),
    entries: await rows(
      tx,
      sql`select seq, part, text, words::text from review_words where log_id = ${log} and kind <> 'board.updated' order by seq, part`,
    ),
    onBoards: await rows(
      tx,
      sql`select distinct officer_id, object_id, at_ms / 60000 as minute, text from review_words
          where log_id = ${log} and kind = 'board.updated' order by 1, 2, 3, 4`,
    ),
  }));
}

/** How far a record is derived. */
async function reached(store: Store, log: OperationId): Promise<number> {
  const [row] = await store.read((tx) =>
    rows<{ up_to: number }>(tx, sql`select up_to from review_progress where log_id = ${log}`),
  );
  return row?.up_to ?? 0;
}

/** What one follower makes of the record that nobody disturbs. */
async function rebuilt(store: Store, log: OperationId) {
  await store.write((tx) => forgetIndex(tx, log));
  await follow(store).caughtUp(log);
  return derivedOf(store, log);
}

describe.each(storeKinds)('%s', (kind) => {
  test('[RV-5] several followers and failed commits leave each entry derived once', async () => {
    const { store, log } = await recordOf(kind, 1_500);
    let writes = 0;
    const errors: unknown[] = [];
    const shaky: Store = {
      ...store,
      kind: store.kind,
      read: (work) => store.read(work),
      close: () => store.close(),
      async write(work) {
        writes += 1;
        // Every third fails after all its work; every third is done and its answer lost.
        if (writes % 3 === 1)
          return store.write(async (tx) => {
            await work(tx);
            throw new Error('the power went before the commit');
          });
        const result = await store.write(work);
        if (writes % 3 === 2) throw new Error('the answer was lost');
        return result;
      },
    };
    const followers = [follow(shaky, errors), follow(shaky, errors), follow(store, errors)];
    for (let tries = 0; tries < 200; tries++) {
      const ended = await Promise.allSettled(followers.map((one) => one.caughtUp(log)));
      if (ended.every(({ status }) => status === 'fulfilled')) break;
    }
    const derived = await derivedOf(store, log);
    expect(derived.progress).toEqual([{ up_to: 1_500 }]);
    expect(derived).toEqual(await rebuilt(store, log));
    expect(derived.entries.length + derived.onBoards.length).toBeGreaterThan(400);
  }, 90_000);
});

/** Its periods end when told to; its rests are no rests. */
class RoundByRound implements Clock {
  #next: (() => void) | null = null;
  #begun: () => void = () => undefined;

  now = () => systemClock.now();

  after(delay: number, act: () => void): () => void {
    if (delay < 1_000) return systemClock.after(0, act);
    this.#next = act;
    this.#begun();
    return () => undefined;
  }

  /** Resolves when the round is over. */
  async round(): Promise<void> {
    const act = this.#next;
    const over = new Promise<void>((resolve) => {
      this.#begun = resolve;
    });
    act?.();
    await over;
  }
}

test('[RV-5] a record that people write in just now is left alone until it rests, is far behind, or somebody asks', async () => {
  const { store, log } = await recordOf('embedded', 120);
  const clock = new RoundByRound();
  const errors: unknown[] = [];
  const follower = follow(store, errors, clock);
  const append = appendAt(systemClock);
  await clock.round();
  expect(await reached(store, log)).toBe(120);
  await grow(store, append, log, 150);
  await clock.round();
  expect(await reached(store, log)).toBe(120);
  await grow(store, append, log, 90);
  await clock.round();
  expect(await reached(store, log)).toBe(360);
  await grow(store, append, log, 150);
  await clock.round();
  expect(await reached(store, log)).toBe(360);
  await follower.caughtUp(log);
  expect(await reached(store, log)).toBe(510);
  await grow(store, append, log, 5_000);
  await clock.round();
  expect([await reached(store, log), errors]).toEqual([5_510, []]);
});

testWith('postgres')(
  '[RV-5] a follower that is killed goes on where it stopped, and what is taken away is built again',
  async () => {
    const { store, log } = await recordOf('postgres', 2_500);
    const [{ url } = { url: '' }] = await store.read((tx) =>
      rows<{ url: string }>(tx, sql`select current_database() as url`),
    );
    const database = new URL(process.env.TEST_DATABASE_URL ?? '');
    database.pathname = `/${url}`;
    for (let kills = 0; kills < 2; kills++) {
      const before = await reached(store, log);
      const child = fork(path.join(root, 'dist/review-follower.js'), [database.href, log], {
        stdio: 'inherit',
      });
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // Wherever it is when it dies; a fast one may be done.
      await expect
        .poll(async () => Math.min((await reached(store, log)) - before, 1), { timeout: 30_000 })
        .toBe(before === 2_500 ? 0 : 1);
      child.kill('SIGKILL');
      await ended;
    }
    const left = follow(store);
    await left.caughtUp(log);
    const derived = await derivedOf(store, log);
    expect(derived.progress).toEqual([{ up_to: 2_500 }]);
    expect(derived).toEqual(await rebuilt(store, log));
  },
  120_000,
);
