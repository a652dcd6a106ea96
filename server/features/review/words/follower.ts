import type { Store } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

import type { BoardReader } from './on-worker.ts';
import { type BoardPlaces, batchOf } from './read-batch.ts';
import { entriesFrom, progressOf, recordsBehind, writeBatch } from './store.ts';

export type FollowerDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly boards: BoardReader;
  readonly onError: (error: unknown) => void;
};

/**
 * Derives from each record what it is searched and counted by. Any number of nodes may follow at once, and each may end
 * at any moment: a batch is written whole, once, and only where the one before it ended. [RV-5]
 */
export type Follower = {
  /** Resolves once everything that is on this record now is derived. */
  caughtUp(operation: OperationId): Promise<void>;
  stop(): Promise<void>;
};

/** Entries of a batch while somebody waits, and while nobody does: writing 200 holds a core for 20 ms, and rooms wait behind it. */
const BATCH = 200;
const QUIET_BATCH = 50;
const WEIGHT = 512 * 1024;
/** Whoever searches waits for what is missing, so nothing is gained by doing it more often beside a live room. */
const PERIOD = 5_000;
const LONGEST_PERIOD = 60_000;
/** Rest between batches while nobody waits for them. */
const REST = 100;
/** Entries since the last round that make a record one people write in just now: it is left alone until it is so far behind. */
const BUSY = 100;
const FAR = 5_000;

export function followRecords(deps: FollowerDeps): Follower {
  const { store, clock } = deps;
  const places: BoardPlaces = { generation: -1, upTo: new Map(), end: new Map() };
  let turn: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let stopped = false;
  let wake: () => void = () => undefined;
  let round: Promise<void> = Promise.resolve();
  /** Heads of records at the last round. */
  let seen = new Map<OperationId, number>();
  let cancel = schedule(PERIOD);

  return {
    async caughtUp(operation) {
      waiting += 1;
      try {
        const { head, upTo } = await store.read((tx) => progressOf(tx, operation));
        for (let at = upTo; at < head; ) at = await next(operation);
      } finally {
        waiting -= 1;
      }
    },
    async stop() {
      stopped = true;
      cancel();
      wake();
      await round;
      await turn;
    },
  };

  function schedule(period: number): () => void {
    return clock.after(period, () => {
      round = work(period);
    });
  }

  async function work(period: number): Promise<void> {
    let after = PERIOD;
    try {
      const behind = await store.read(recordsBehind);
      const before = seen;
      seen = new Map(behind.map(({ id, head }) => [id, head]));
      for (const { id, head, up_to } of behind) {
        const grown = head - (before.get(id) ?? head);
        if (waiting === 0 && grown > BUSY && head - up_to < FAR) continue;
        for (let at = 0; at < head && !stopped; ) {
          at = await next(id);
          if (at < head && waiting === 0 && !stopped) await rest();
        }
      }
    } catch (error) {
      after = Math.min(period * 2, LONGEST_PERIOD);
      if (!stopped) deps.onError(error);
    }
    if (!stopped) cancel = schedule(after);
  }

  function rest(): Promise<void> {
    return new Promise((resume) => {
      wake = resume;
      clock.after(REST, resume);
    });
  }

  /** One batch of one record at a time on this node; resolves with how far the record is derived. */
  function next(operation: OperationId): Promise<number> {
    if (stopped) return Promise.reject(refuse('hub.stopping'));
    const mine = turn.then(() => step(operation));
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function step(log: OperationId): Promise<number> {
    const { upTo: from, entries } = await store.read(async (tx) => {
      const { upTo } = await progressOf(tx, log);
      return {
        upTo,
        entries: await entriesFrom(tx, log, {
          from: upTo,
          limit: waiting > 0 ? BATCH : QUIET_BATCH,
          weight: WEIGHT,
        }),
      };
    });
    const last = entries.at(-1);
    // Whatever the head says: without an entry there is nothing to wait for.
    if (last === undefined) return Number.MAX_SAFE_INTEGER;
    const derived = await batchOf({ ...deps, places }, log, entries);
    const to = last.seq + 1;
    const written = await store.write((tx) => writeBatch(tx, { log, from, to, ...derived }));
    return written ? to : from;
  }
}
