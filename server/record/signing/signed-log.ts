import type { LogId } from '#server/platform/facts.ts';
import { duplicateKey, rows, type Store, sql, sqlState, type Tx } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { equalBytes } from '#shared/kernel/encoding.ts';
import { Fatal } from '#shared/kernel/failures.ts';
import { type Checkpoint, parseCheckpoint, signCheckpoint } from '#shared/record/checkpoint.ts';
import { formatVkey, noteKey, type Signer, signatureTypes } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { Frontier, foldSubtrees, type HashedSubtree, subtreesOf } from '#shared/record/tree.ts';

import { sha256 } from '../append.ts';
import { newestCheckpoint, publishCheckpoint, type StoredCheckpoint } from '../checkpoints.ts';
import { headOf } from '../read.ts';
import { readSubtrees } from '../tree-nodes.ts';
import { type LastSigned, refuseBackwards } from './last-signed.ts';

export type SignedLogDeps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly signerOf: (origin: string) => Signer;
  readonly lastSigned: LastSigned;
  /** Leaves of one step, hence rows of one transaction. */
  readonly batch: number;
};

/** `behind`: there is more to sign, or another signer was faster. */
export type Step = 'up-to-date' | 'behind';

type Grown = { readonly base: number; readonly tree: Frontier; readonly nodes: readonly HashedSubtree[] };

/** One record under this signer. Owned by `startSigner`, which lets it take one step at a time. */
export class SignedLog {
  readonly #log: LogId;
  readonly #deps: SignedLogDeps;
  /** The tree of the newest checkpoint; null until it has been read and compared. */
  #tree: Frontier | null = null;

  constructor(log: LogId, deps: SignedLogDeps) {
    this.#log = log;
    this.#deps = deps;
  }

  /**
   * Signs what has been added, up to one batch: remembers the new checkpoint on disk, then publishes it with the
   * subtrees it completes. Throws `Fatal` when the store does not hold what was signed before. [RC-33] [RC-34] [RC-35]
   */
  async step(): Promise<Step> {
    const { store, clock, signerOf, lastSigned } = this.#deps;
    const { origin, head, grown } = await store.read((tx) => this.#grow(tx));
    if (grown === null) return 'up-to-date';
    const checkpoint: Checkpoint = { origin, size: grown.tree.size, root: grown.tree.root() };
    await lastSigned.keep(this.#log, checkpoint);
    const signer = signerOf(origin);
    const note = signCheckpoint(signer, checkpoint);
    const vkey = formatVkey(noteKey(signer, signatureTypes.log));
    const published = await store
      .write((tx) =>
        publishCheckpoint(tx, this.#log, {
          base: grown.base,
          checkpoint,
          note,
          vkey,
          nodes: grown.nodes,
          now: clock.now(),
        }),
      )
      .catch((error: unknown) => {
        this.#tree = null;
        if (sqlState(error) !== duplicateKey) throw error;
        throw new Fatal('the store holds tree hashes that no checkpoint covers', { cause: error });
      });
    this.#tree = published ? grown.tree : null;
    return published && grown.tree.size >= head ? 'up-to-date' : 'behind';
  }

  /** Reads what is new and compares the record with what was signed, in one snapshot. */
  async #grow(tx: Tx): Promise<{ origin: string; head: number; grown: Grown | null }> {
    const log = await headOf(tx, this.#log);
    if (log === null) throw new Fatal('a record that was signed is gone');
    const { origin, head } = log;
    const newest = await newestCheckpoint(tx, this.#log);
    const base = newest?.size ?? 0;
    if (this.#tree?.size !== base) this.#tree = await this.#restore(tx, origin, newest);
    if (head < base) throw new Fatal(`${base} entries were signed and ${head} are left`);
    const last = this.#deps.lastSigned.read(this.#log);
    // Beyond `base` when a publication failed or the store was put back: then the new tree must reach it.
    const due = last === null ? 0 : last.size - base;
    if (last !== null && last.size > head) {
      throw new Fatal(`the record was signed with ${last.size} entries and now holds ${head}`);
    }
    if (last !== null && due <= 0) await this.#compareOlder(tx, this.#tree, { origin, last });
    if (head === base) return { origin, head, grown: null };
    const leaves = await readLeaves(tx, this.#log, {
      from: base,
      to: Math.min(head, base + Math.max(this.#deps.batch, due)),
    });
    return { origin, head, grown: extend(this.#tree, leaves, { origin, last }) };
  }

  async #restore(tx: Tx, origin: string, newest: StoredCheckpoint | null): Promise<Frontier> {
    if (newest === null) return new Frontier(sha256);
    const { size, root, note } = newest;
    const key = noteKey(this.#deps.signerOf(origin), signatureTypes.log);
    const signed = verifyNote(note, [key]);
    if (!signed.ok)
      throw new Fatal(`the newest checkpoint is not signed with this signer's key: ${signed.reason}`);
    const checkpoint = parseCheckpoint(signed.text);
    if (checkpoint === null || checkpoint.origin !== origin || checkpoint.size !== size) {
      throw new Fatal('the newest checkpoint speaks of another record');
    }
    const hashes = await readSubtrees(tx, this.#log, subtreesOf(0, size));
    const tree = Frontier.restore(
      size,
      hashes.filter((hash) => hash !== null),
      sha256,
    );
    if (tree === null || !equalBytes(tree.root(), checkpoint.root) || !equalBytes(root, checkpoint.root)) {
      throw new Fatal(`the tree hashes in the store do not give the root signed at ${size}`);
    }
    return tree;
  }

  /** What this signer remembers must be the beginning of what is published. */
  async #compareOlder(
    tx: Tx,
    tree: Frontier,
    { origin, last }: { origin: string; last: Checkpoint },
  ): Promise<void> {
    if (last.size === tree.size) {
      refuseBackwards(last, { origin, size: tree.size, root: tree.root() });
      return;
    }
    const hashes = await readSubtrees(tx, this.#log, subtreesOf(0, last.size));
    const root = foldSubtrees(
      hashes.filter((hash) => hash !== null),
      sha256,
    );
    refuseBackwards(last, { origin, size: last.size, root });
  }
}

/** A new tree with `leaves` added; on its way it must pass through what was signed last. */
function extend(
  from: Frontier,
  leaves: readonly Uint8Array[],
  { origin, last }: { origin: string; last: Checkpoint | null },
): Grown {
  const tree = Frontier.restore(from.size, from.hashes, sha256);
  if (tree === null) throw new Fatal('the tree in memory is damaged');
  const nodes: HashedSubtree[] = [];
  for (const leaf of leaves) {
    nodes.push(...tree.append(leaf).slice(1));
    if (tree.size === last?.size) refuseBackwards(last, { origin, size: tree.size, root: tree.root() });
  }
  return { base: from.size, tree, nodes };
}

async function readLeaves(tx: Tx, log: LogId, { from, to }: { from: number; to: number }): Promise<Buffer[]> {
  const found = await rows<{ seq: number; leaf_hash: Buffer }>(
    tx,
    sql`select seq, leaf_hash from entries where log_id = ${log} and seq >= ${from} and seq < ${to} order by seq`,
  );
  if (found.length !== to - from || found.at(-1)?.seq !== to - 1) {
    throw new Fatal(`an entry between ${from} and ${to - 1} is missing`);
  }
  return found.map(({ leaf_hash }) => leaf_hash);
}
