import type { HashReader } from '#shared/record/proof.ts';
import type { Subtree } from '#shared/record/tree.ts';

type Waiting = {
  readonly subtrees: readonly Subtree[];
  readonly resolve: (hashes: readonly Uint8Array[]) => void;
  readonly reject: (error: unknown) => void;
};

/** Many proofs asked for in one go read their hashes in one go. */
export function batchedReader(reader: HashReader): HashReader {
  let waiting: Waiting[] = [];
  const ask = async (asked: readonly Waiting[]): Promise<void> => {
    try {
      const hashes = await reader.read(asked.flatMap(({ subtrees }) => subtrees));
      let at = 0;
      for (const { subtrees, resolve } of asked) {
        resolve(hashes.slice(at, at + subtrees.length));
        at += subtrees.length;
      }
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  return {
    read: (subtrees) =>
      new Promise((resolve, reject) => {
        waiting.push({ subtrees, resolve, reject });
        if (waiting.length > 1) return;
        queueMicrotask(() => {
          const asked = waiting;
          waiting = [];
          void ask(asked);
        });
      }),
  };
}
