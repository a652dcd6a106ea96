import type { LogId } from '#server/platform/facts.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { HashReader } from '#shared/record/proof.ts';
import type { HashedSubtree, Subtree } from '#shared/record/tree.ts';

type Node = { readonly level: number; readonly idx: number; readonly hash: Buffer };

/**
 * Hashes of complete subtrees: leaves from the entries, the others up to the newest checkpoint. `null` where there is none.
 * Each is found by its key, however many are asked for: no plan may read the tree of a long record.
 */
export async function readSubtrees(
  tx: Tx,
  log: LogId,
  subtrees: readonly Subtree[],
): Promise<(Uint8Array | null)[]> {
  if (subtrees.length === 0) return [];
  const leaves = subtrees.filter(({ level }) => level === 0).map(({ index }) => index);
  const above = subtrees.filter(({ level }) => level > 0);
  const found = await rows<Node>(
    tx,
    sql`select 0 as level, seq as idx, leaf_hash as hash from entries
        where log_id = ${log} and seq = any(${leaves}::bigint[])
        union all
        select n.level, n.idx, n.hash
        from unnest(${above.map(({ level }) => level)}::integer[], ${above.map(({ index }) => index)}::bigint[]) as wanted (level, idx)
        cross join lateral (
          select level, idx, hash from tree_nodes t
          where t.log_id = ${log} and t.level = wanted.level and t.idx = wanted.idx limit 1
        ) n`,
  );
  const byPlace = new Map(found.map(({ level, idx, hash }) => [`${level} ${idx}`, hash]));
  return subtrees.map(({ level, index }) => byPlace.get(`${level} ${index}`) ?? null);
}

/** What proofs of one record are made of, inside one snapshot. Asking beyond the newest checkpoint is a bug. [RC-38] */
export function proofReader(tx: Tx, log: LogId): HashReader {
  return {
    async read(subtrees) {
      const hashes = await readSubtrees(tx, log, subtrees);
      return hashes.map((hash) => {
        invariant(hash !== null, 'a proof beyond the newest checkpoint');
        return hash;
      });
    },
  };
}

/** Fails on a node that is there already: each is written once, with the checkpoint that first covers it. */
export async function insertNodes(tx: Tx, log: LogId, nodes: readonly HashedSubtree[]): Promise<void> {
  if (nodes.length === 0) return;
  await sql`insert into tree_nodes (log_id, level, idx, hash)
            select ${log}, given.level, given.idx, given.hash
            from unnest(${nodes.map(({ level }) => level)}::integer[], ${nodes.map(({ index }) => index)}::bigint[],
                        ${nodes.map(({ hash }) => Buffer.from(hash))}::bytea[]) as given (level, idx, hash)`.execute(
    tx,
  );
}
