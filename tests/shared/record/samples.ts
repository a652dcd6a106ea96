import { utf8 } from '#shared/kernel/encoding.ts';
import { asId } from '#shared/kernel/ids.ts';
import { commitPayload, type EntryDraft, encodeEntry } from '#shared/record/entry.ts';
import type { HashReader } from '#shared/record/proof.ts';
import { emptyRoot, Frontier, leafHash, nodeHash, type Subtree } from '#shared/record/tree.ts';

export const ORIGIN = 'hub.example/op/0123456789abcdef0123456789abcdef';
export const START = Date.UTC(2026, 10, 23, 12, 0, 0, 123);

export const draft: EntryDraft = {
  log: ORIGIN,
  at: START,
  kind: 'message.posted',
  verb: 'collection',
  by: {
    kind: 'officer',
    officer: asId('11111111111111111111111111111111'),
    country: 'FR',
    session: 'q1w2e3r4t5y6u7i8',
  },
  operation: asId('0123456789abcdef0123456789abcdef'),
  object: { kind: 'message', id: '22222222222222222222222222222222' },
  outcome: 'ok',
  compartment: asId('33333333333333333333333333333333'),
  command: asId('44444444444444444444444444444444'),
};

/** Content of entry `i` of a made-up record: its salt, its payload and the entry that commits to them. */
export function sample(i: number, change: Partial<EntryDraft> = {}) {
  const salt = new Uint8Array(32).fill(i % 251);
  const payload = utf8(`{"text":"message ${i}"}`);
  const entry = encodeEntry({ ...draft, at: START + i, ...change }, i, commitPayload(salt, payload));
  return { entry, salt, payload };
}

/** The definition in RFC 6962 section 2.1, word for word. */
export function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) throw new Error('the empty tree is not defined here');
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return nodeHash(treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split)));
}

export function numberedLeaves(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => leafHash(utf8(`leaf ${i}`)));
}

/** Every completed subtree kept in memory, and every root on the way. */
export function grownTree(leaves: readonly Uint8Array[]) {
  const kept = new Map<string, Uint8Array>();
  const frontier = new Frontier();
  const roots = [frontier.root()];
  for (const leaf of leaves) {
    for (const { level, index, hash } of frontier.append(leaf)) kept.set(`${level}/${index}`, hash);
    roots.push(frontier.root());
  }
  const at = ({ level, index }: Subtree) => {
    const hash = kept.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`no subtree ${level}/${index}`);
    return hash;
  };
  const reader: HashReader = { read: async (subtrees) => subtrees.map(at) };
  return {
    reader,
    leaf: (i: number) => at({ level: 0, index: i }),
    root: (n: number) => roots[n] ?? emptyRoot(),
  };
}
