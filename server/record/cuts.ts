import type { Append, LogId } from '#server/platform/facts.ts';
import { oneRow, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { equalBytes, hex } from '#shared/kernel/encoding.ts';
import { Fatal } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';
import type { Checkpoint } from '#shared/record/checkpoint.ts';
import { Frontier, subtreesOf } from '#shared/record/tree.ts';

import { sha256 } from './append.ts';
import { theHub } from './author.ts';
import { newestCheckpoint } from './checkpoints.ts';
import { headOf } from './read.ts';
import type { LastSigned } from './signing/last-signed.ts';
import { readSubtrees } from './tree-nodes.ts';

export type CutDeps = {
  readonly store: Store;
  readonly append: Append;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
};

export type Evidence = {
  /** The signer's memory outside the database; null on a node that does not sign. */
  readonly remembered: Pick<LastSigned, 'logs' | 'read'> | null;
  /** The host's word that the database was put back; each word counts once. */
  readonly declared: string | null;
};

const PAGE = 5000;

/**
 * Before anybody is let in: a record that has lost its end gets a new document epoch and an entry that says so. What
 * was authorised before is authorised no more. The same evidence counts once, on however many nodes. [BD-32]
 */
export async function noteCuts(deps: CutDeps, { remembered, declared }: Evidence): Promise<LogId[]> {
  const cut: LogId[] = [];
  if (declared !== null) cut.push(...(await cutAll(deps, `declared:${declared}`)));
  for (const log of remembered?.logs() ?? []) {
    const last = readOrNull(remembered, log);
    if (last !== null && (await cutOne(deps, log, last))) cut.push(log);
  }
  for (const log of cut) deps.log.warn({ record: log }, 'this record was cut; its boards begin a new epoch');
  return cut;
}

/** A memory that cannot be read is the signer's doubt, and told by it. [RC-34] */
function readOrNull(remembered: Evidence['remembered'], log: LogId): Checkpoint | null {
  try {
    return remembered?.read(log) ?? null;
  } catch (error) {
    if (error instanceof Fatal) return null;
    throw error;
  }
}

/** The hub's own record is cut last: its row says that the word has been heard for all. */
async function cutAll(deps: CutDeps, mark: string): Promise<LogId[]> {
  return deps.store.write(async (tx) => {
    await sql`select 1 from hub for update`.execute(tx);
    const heard = await oneRow(
      tx,
      sql`select 1 as one from record_cuts where log_id = 'hub' and mark = ${mark}`,
    );
    if (heard !== null) return [];
    const logs = await rows<{ id: LogId }>(tx, sql`select id from logs where id <> 'hub' order by id`);
    const all: LogId[] = [...logs.map(({ id }) => id), 'hub'];
    for (const log of all) await cut(deps, tx, { log, mark, signed: null });
    return all;
  });
}

async function cutOne(deps: CutDeps, log: LogId, last: Checkpoint): Promise<boolean> {
  const mark = `signed:${last.size}:${hex(last.root)}`;
  return deps.store.write(async (tx) => {
    await sql`select 1 from hub for update`.execute(tx);
    const known = await oneRow(
      tx,
      sql`select 1 as one from record_cuts where log_id = ${log} and mark = ${mark}`,
    );
    if (known !== null || !(await hasLost(tx, log, last))) return false;
    await cut(deps, tx, { log, mark, signed: last.size });
    return true;
  });
}

/** Whether the record lacks what was signed, or has something else in its place. A record that is gone has no end to lose. */
async function hasLost(tx: Tx, log: LogId, last: Checkpoint): Promise<boolean> {
  const held = await headOf(tx, log);
  if (held === null) return false;
  if (held.head < last.size) return true;
  const newest = await newestCheckpoint(tx, log);
  const base = newest?.size ?? 0;
  // As published: the signer compares the rest, and stops in doubt. [RC-34]
  if (base >= last.size) return false;
  const known = await readSubtrees(tx, log, subtreesOf(0, base));
  const tree = Frontier.restore(
    base,
    known.filter((hash) => hash !== null),
    sha256,
  );
  if (tree === null) return false;
  while (tree.size < last.size) {
    const leaves = await rows<{ leaf_hash: Buffer }>(
      tx,
      sql`select leaf_hash from entries
          where log_id = ${log} and seq >= ${tree.size} and seq < ${Math.min(last.size, tree.size + PAGE)} order by seq`,
    );
    if (leaves.length === 0) return true;
    for (const { leaf_hash } of leaves) tree.append(leaf_hash);
  }
  return !equalBytes(tree.root(), last.root);
}

type Cut = { readonly log: LogId; readonly mark: string; readonly signed: number | null };

async function cut({ append, clock, random }: CutDeps, tx: Tx, { log, mark, signed }: Cut): Promise<void> {
  const held = await oneRow<{ head: number }>(tx, sql`select head from logs where id = ${log} for update`);
  if (held === null) return;
  const docEpoch = hex(random.bytes(8));
  await sql`insert into record_cuts (log_id, mark, doc_epoch, head, at_ms)
            values (${log}, ${mark}, ${docEpoch}, ${held.head}, ${clock.now()})`.execute(tx);
  // Counted on by one, the epoch of rights could be one that the lost part had: whoever was let in then would pass for
  // somebody let in now. Nobody has seen a number from here on.
  const leap = 1 + new DataView(random.bytes(4).slice().buffer).getUint32(0);
  await sql`update logs set doc_epoch = ${docEpoch}, epoch = epoch + ${leap} where id = ${log}`.execute(tx);
  await append(tx, {
    log,
    epoch: null,
    movesEpoch: true,
    facts: [
      {
        kind: 'record.restored',
        by: theHub,
        object: null,
        compartment: null,
        outcome: 'ok',
        command: null,
        body: { docEpoch, held: held.head, signed },
      },
    ],
  });
}
