import type { Announce, Append, Fact } from '#server/platform/facts.ts';
import type { Store, Tx } from '#server/platform/storage/store.ts';
import { theHub } from '#server/record/author.ts';
import { countContents, destroyContents, nextStretch, type Stretch } from '#server/record/purge.ts';
import type { Vouching } from '#server/record/vouching.ts';
import { type Clock, every } from '#shared/kernel/clock.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { Counts } from '#shared/record/certificate.ts';

import { certify } from './certify.ts';
import type { ContentTable } from './contents.ts';
import { holdPiece, markPurged, putProgress, type UnderWay, unfinished } from './store.ts';

export type PurgerDeps = {
  readonly store: Store;
  readonly append: Append;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly vouching: Vouching;
  /** Of every feature, each in the order in which its rows go. */
  readonly contents: readonly ContentTable[];
  readonly onError: (error: unknown) => void;
  /** Rows, and bytes of content, of one piece; usual ones unless said. */
  readonly piece?: { readonly rows: number; readonly bytes: number };
};

export type Purger = { soon(operation: OperationId): void; stop(): Promise<void> };

const PERIOD = 5_000;
const PIECE = { rows: 2_000, bytes: 8 * 1024 * 1024 };

/**
 * Carries out what two desks have decided: piece by piece, each in a transaction with its entry, so that a node that
 * dies leaves the rest to itself or to another. Then it has the certificate signed. [LC-18]
 */
export function openPurger(deps: PurgerDeps): Purger {
  const under = new Map<OperationId, Promise<void>>();
  let stopping = false;
  // What an earlier life of this node left is not waited for.
  const atStart = sweep();
  const endSweeping = every(deps.clock, PERIOD, sweep);
  return {
    soon,
    async stop() {
      stopping = true;
      endSweeping();
      await atStart;
      await Promise.all(under.values());
    },
  };

  async function sweep(): Promise<void> {
    try {
      for (const operation of await deps.store.read(unfinished)) soon(operation);
    } catch (error) {
      deps.onError(error);
    }
  }

  function soon(operation: OperationId): void {
    if (stopping || under.has(operation)) return;
    const work = carryOut(operation)
      .catch(deps.onError)
      .finally(() => under.delete(operation));
    under.set(operation, work);
  }

  async function carryOut(operation: OperationId): Promise<void> {
    while (!stopping) {
      const outcome = await deps.store.write((tx) => destroyPiece(deps, tx, operation));
      if (outcome === null) break;
      deps.announce(outcome);
    }
    if (!stopping) await certify(deps, operation);
  }
}

type Hint = Parameters<Announce>[0];

/** null: nothing of it is to be done here. */
async function destroyPiece(deps: PurgerDeps, tx: Tx, operation: OperationId): Promise<Hint | null> {
  const held = await holdPiece(tx, operation);
  if (held === null) return null;
  const plan = await planPiece(deps, tx, { operation, held });
  if (plan === null) return finish(deps, tx, { operation, held });
  const { rows, stretch, contents } = plan;
  // First the entry, then the act: the database asks for it. [LC-20]
  const hint = await note(deps, tx, { operation, held, kind: 'purge.part', body: { rows, contents } });
  for (const table of deps.contents) {
    const planned = rows[table.table] ?? 0;
    if (planned === 0) continue;
    const gone = await table.destroy(tx, operation, planned);
    invariant(gone === planned, `rows of ${table.table} that came or went during a purge`);
  }
  if (stretch !== null) {
    const gone = await destroyContents(tx, stretch);
    invariant(gone === total(contents), 'contents that came or went during a purge');
  }
  await putProgress(tx, operation, {
    next: stretch?.to ?? held.next_seq,
    destroyed: {
      rows: sum(held.destroyed.rows, rows),
      contents: sum(held.destroyed.contents, contents),
    },
  });
  return hint;
}

type Piece = { readonly operation: OperationId; readonly held: UnderWay };
type Plan = { readonly rows: Counts; readonly stretch: Stretch | null; readonly contents: Counts };

/** State first, so that nothing is left that could be shown; then the record, from its beginning. */
async function planPiece(
  { contents: tables, piece = PIECE }: PurgerDeps,
  tx: Tx,
  { operation, held }: Piece,
): Promise<Plan | null> {
  const rows: Record<string, number> = {};
  let left = piece.rows;
  for (const { table, count } of tables) {
    const found = left > 0 ? await count(tx, operation, left) : 0;
    if (found > 0) rows[table] = found;
    left -= found;
  }
  if (total(rows) > 0) return { rows, stretch: null, contents: {} };
  const { next_seq: from, purged_below: below } = held;
  if (from >= below) return null;
  const stretch = await nextStretch(
    tx,
    { log: operation, from, below },
    { most: piece.rows, weight: piece.bytes },
  );
  return { rows, stretch, contents: await countContents(tx, stretch) };
}

async function finish(deps: PurgerDeps, tx: Tx, { operation, held }: Piece): Promise<Hint> {
  const { rows = {}, contents = {} } = held.destroyed;
  const hint = await note(deps, tx, { operation, held, kind: 'operation.purged', body: { rows, contents } });
  await markPurged(tx, operation, { seq: hint.from, now: deps.clock.now() });
  return hint;
}

async function note(
  { append }: PurgerDeps,
  tx: Tx,
  { operation, held, kind, body }: Piece & { kind: Fact['kind']; body: { rows: Counts; contents: Counts } },
): Promise<Hint> {
  const fact: Fact = {
    kind,
    by: theHub,
    object: { kind: 'operation', id: operation },
    compartment: held.main_id,
    outcome: 'ok',
    command: null,
    body: { rows: { ...body.rows }, contents: { ...body.contents } },
  };
  const [at] = await append(tx, { log: operation, epoch: null, facts: [fact] });
  invariant(at !== undefined, 'an entry without a place');
  return { log: operation, from: at.seq, to: at.seq + 1, epoch: null };
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function sum(a: Counts = {}, b: Counts): Counts {
  const all: Record<string, number> = { ...a };
  for (const [what, count] of Object.entries(b)) all[what] = (all[what] ?? 0) + count;
  return all;
}
