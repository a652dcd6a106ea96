import type { LogId } from '#server/platform/facts.ts';
import { oneRow, rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Checkpoint } from '#shared/record/checkpoint.ts';
import type { HashedSubtree } from '#shared/record/tree.ts';

import { insertNodes } from './tree-nodes.ts';

export type StoredCheckpoint = {
  readonly size: number;
  readonly root: Buffer;
  /** The signed note, as it is handed out. */
  readonly note: string;
  readonly signed_ms: number;
};

export function newestCheckpoint(tx: Tx, log: LogId): Promise<StoredCheckpoint | null> {
  return oneRow(
    tx,
    sql`select size, root, note, signed_ms from checkpoints where log_id = ${log} order by size desc limit 1`,
  );
}

/** The largest of at most `most` entries after `since`; else the next one there is; null when none comes after `since`. */
export function checkpointAfter(
  tx: Tx,
  log: LogId,
  { since, most }: { readonly since: number; readonly most: number },
): Promise<StoredCheckpoint | null> {
  return oneRow(
    tx,
    sql`(select size, root, note, signed_ms from checkpoints
          where log_id = ${log} and size > ${since} and size <= ${since + most} order by size desc limit 1)
        union all
        (select size, root, note, signed_ms from checkpoints
          where log_id = ${log} and size > ${since + most} order by size limit 1)
        order by size limit 1`,
  );
}

/** Records whose newest checkpoint is not of their present size. */
export async function unsignedLogs(tx: Tx): Promise<LogId[]> {
  const found = await rows<{ id: LogId }>(
    tx,
    sql`select l.id from logs l
        where l.head <> coalesce((select max(c.size) from checkpoints c where c.log_id = l.id), 0) order by l.id`,
  );
  return found.map(({ id }) => id);
}

export type Publication = {
  /** Size of the checkpoint on which this one was built; 0 when there was none. */
  readonly base: number;
  readonly checkpoint: Checkpoint;
  readonly note: string;
  /** Key with which the note is signed. */
  readonly vkey: string;
  /** Subtrees above the leaves that became complete since `base`. */
  readonly nodes: readonly HashedSubtree[];
  readonly now: number;
};

/** Compare and set: false, and nothing written, when another signer has published since `base` was read. [RC-36] */
export async function publishCheckpoint(tx: Tx, log: LogId, given: Publication): Promise<boolean> {
  await holdNewest(tx, log);
  const newest = await newestCheckpoint(tx, log);
  if ((newest?.size ?? 0) !== given.base) return false;
  await insertNodes(tx, log, given.nodes);
  const { size, root } = given.checkpoint;
  await sql`insert into checkpoints (log_id, size, root, note, signed_ms)
            values (${log}, ${size}, ${Buffer.from(root)}, ${given.note}, ${given.now})`.execute(tx);
  await sql`insert into log_keys (log_id, vkey) values (${log}, ${given.vkey}) on conflict do nothing`.execute(
    tx,
  );
  return true;
}

/** One publisher at a time: on the row of the newest checkpoint, or on the record's own while it has none. */
async function holdNewest(tx: Tx, log: LogId): Promise<void> {
  const newest = await oneRow(
    tx,
    sql`select size from checkpoints where log_id = ${log} order by size desc limit 1 for update`,
  );
  if (newest === null) await sql`select 1 from logs where id = ${log} for update`.execute(tx);
}
