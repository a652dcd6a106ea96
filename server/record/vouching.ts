import type { LogId } from '#server/platform/facts.ts';
import { oneRow, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import { newestCheckpoint, type StoredCheckpoint } from './checkpoints.ts';
import { askForSeal, dropSealRequest, readSeal, type SealRequest } from './seal-requests.ts';
import type { RecordSigner } from './signer.ts';

/** What a node can have vouched for: by its own signer, or through the store by that of another node. [RC-45] */
export type Vouching = {
  /** The key of a record as verifiers pin it; null before anybody has signed it. */
  keyOf(tx: Tx, log: LogId, origin: string): Promise<string | null>;
  /** False when nobody signs this record at the moment, as far as can be told. */
  atWork(tx: Tx, log: LogId): Promise<boolean>;
  /** A checkpoint of at least `size` entries; null when none has come within `within` ms. */
  cover(log: LogId, size: number, within: number): Promise<StoredCheckpoint | null>;
  /** The seal of an export; null when none has come within `within` ms. */
  seal(request: SealRequest & { readonly origin: string }, within: number): Promise<string | null>;
};

/** Of a node that signs. */
export function ownVouching(signer: RecordSigner): Vouching {
  return {
    keyOf: async (_tx, _log, origin) => signer.keyOf(origin),
    atWork: async (_tx, log) => !signer.stopped().some((stopped) => stopped.log === log),
    cover: signer.cover,
    seal: async ({ origin, text }) => signer.seal(origin, text),
  };
}

const PAUSE = 100;
/** An entry that has waited for longer says that no signer is at work. */
const LATE = 10_000;

/** Of a node that does not: the signer of another one looks for requests twice a second. */
export function borrowedVouching({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Vouching {
  return {
    keyOf: (tx, log) => keyOf(tx, log),
    async atWork(tx, log) {
      return (await keyOf(tx, log)) !== null && !(await isLate(tx, log, clock.now() - LATE));
    },
    cover: (log, size, within) =>
      asking(within, async () => {
        const newest = await store.read((tx) => newestCheckpoint(tx, log));
        return newest !== null && newest.size >= size ? newest : null;
      }),
    async seal(request, within) {
      await store.write((tx) => askForSeal(tx, request, clock.now()));
      const seal = await asking(within, () => store.read((tx) => readSeal(tx, request)));
      await store.write((tx) => dropSealRequest(tx, request));
      return seal;
    },
  };

  async function asking<T>(within: number, ask: () => Promise<T | null>): Promise<T | null> {
    for (const until = clock.now() + within; ; ) {
      const answer = await ask();
      if (answer !== null || clock.now() >= until) return answer;
      await new Promise<void>((resume) => clock.after(PAUSE, resume));
    }
  }
}

async function keyOf(tx: Tx, log: LogId): Promise<string | null> {
  const row = await oneRow<{ vkey: string }>(tx, sql`select vkey from log_keys where log_id = ${log}`);
  return row?.vkey ?? null;
}

async function isLate(tx: Tx, log: LogId, since: number): Promise<boolean> {
  const late = await oneRow(
    tx,
    sql`select 1 from entries where log_id = ${log} and at_ms <= ${since}
          and seq = coalesce((select max(size) from checkpoints where log_id = ${log}), 0)`,
  );
  return late !== null;
}
