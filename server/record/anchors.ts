import type { Announce, Append, Fact, LogId } from '#server/platform/facts.ts';
import { oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { type Clock, every } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';

import { theHub } from './author.ts';
import type { RecordSigner } from './signer.ts';

type Deps = {
  readonly store: Store;
  readonly append: Append;
  readonly announce: Announce;
  readonly clock: Clock;
  /** Anchors are a part of signing: what has stopped in doubt is not anchored. */
  readonly signer: Pick<RecordSigner, 'stopped'>;
  readonly onError: (error: unknown) => void;
};

/** An operation is anchored at most this often, on however many nodes. */
const INTERVAL = 60_000;
/** How often it is looked at: two nodes keep the interval together, each a little late. */
const LOOK = 2_000;
/** Anchors of one transaction. */
const BATCH = 200;

/**
 * Takes the newest checkpoint of every operation that has grown into the hub's record, once a minute. So whoever
 * cosigns the hub's record vouches for all operations, also for one that has two desks only. [RC-46]
 */
export function startAnchors(deps: Deps): { stop(): Promise<void> } {
  let turn: Promise<void> = Promise.resolve();
  let ended = false;
  const end = every(deps.clock, LOOK, () => {
    turn = round();
    return turn;
  });
  return {
    async stop() {
      ended = true;
      end();
      await turn;
    },
  };

  async function round(): Promise<void> {
    try {
      while (!ended && (await anchorSome(deps)) === BATCH);
    } catch (error) {
      deps.onError(error);
    }
  }
}

type Due = { readonly id: LogId; readonly origin: string; readonly size: number; readonly root: Buffer };

async function anchorSome({ store, append, announce, clock, signer }: Deps): Promise<number> {
  const now = clock.now();
  const given = { now, doubted: signer.stopped().map(({ log }) => log) };
  if ((await store.read((tx) => dueForAnchor(tx, given))).length === 0) return 0;
  const { due, recorded } = await store.write(async (tx) => {
    // One node at a time: the other finds nothing due once it has the lock.
    await sql`select 1 from logs where id = 'hub' for update`.execute(tx);
    const found = await dueForAnchor(tx, given);
    if (found.length === 0) return { due: found, recorded: [] };
    const written = await append(tx, { log: 'hub', epoch: null, facts: found.map(factOf) });
    await keepPlaces(tx, { due: found, seqs: written.map(({ seq }) => seq), now });
    return { due: found, recorded: written };
  });
  const [first, last] = [recorded[0], recorded.at(-1)];
  if (first && last) announce({ log: 'hub', from: first.seq, to: last.seq + 1, epoch: null });
  return due.length;
}

function dueForAnchor(tx: Tx, { now, doubted }: { now: number; doubted: readonly LogId[] }): Promise<Due[]> {
  return rows(
    tx,
    sql`select l.id, l.origin, c.size, c.root from logs l
        join lateral (select size, root from checkpoints where log_id = l.id order by size desc limit 1) c on true
        left join record_anchors a on a.log_id = l.id
        where l.id <> 'hub' and not (l.id = any(${doubted}::text[]))
          and (a.log_id is null or (a.size < c.size and a.at_ms <= ${now - INTERVAL}))
        order by l.id limit ${BATCH}`,
  );
}

function factOf({ id, origin, size, root }: Due): Fact {
  return {
    kind: 'record.anchored',
    by: theHub,
    object: { kind: 'operation', id },
    compartment: null,
    outcome: 'ok',
    command: null,
    body: { origin, size, root: base64(root) },
  };
}

async function keepPlaces(
  tx: Tx,
  { due, seqs, now }: { due: readonly Due[]; seqs: readonly number[]; now: number },
): Promise<void> {
  invariant(due.length === seqs.length, 'an anchor without an entry');
  await sql`insert into record_anchors (log_id, size, at_ms, seq)
            select log_id, size, ${now}, seq
            from unnest(${due.map(({ id }) => id)}::text[], ${due.map(({ size }) => size)}::bigint[],
                        ${[...seqs]}::bigint[]) as given (log_id, size, seq)
            on conflict (log_id) do update set size = excluded.size, at_ms = excluded.at_ms, seq = excluded.seq`.execute(
    tx,
  );
}

/** Where the hub's record speaks of this operation last; null before it does. */
export async function anchorOf(tx: Tx, log: LogId): Promise<number | null> {
  const row = await oneRow<{ seq: number }>(tx, sql`select seq from record_anchors where log_id = ${log}`);
  return row?.seq ?? null;
}
