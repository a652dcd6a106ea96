import { equalBytes } from '#shared/kernel/encoding.ts';

import type { Checkpoint } from '../checkpoint.ts';

/**
 * Two signed statements about one record. `contradict` is proof on its own: whoever holds the key signed two different
 * records. Sizes that differ need the root of the larger record at the smaller size. [RC-69]
 */
export type Comparison =
  | { readonly verdict: 'agree' | 'contradict'; readonly at: number }
  | { readonly verdict: 'undecided'; readonly why: 'other-record' | 'larger-shows-no-entries' };

/** `rootOfLarger`: root of the larger record's first entries, as many as the smaller has; null when it is not known. */
export function compareCheckpoints(
  a: Checkpoint,
  b: Checkpoint,
  rootOfLarger: Uint8Array | null,
): Comparison {
  if (a.origin !== b.origin) return { verdict: 'undecided', why: 'other-record' };
  const [smaller, larger] = a.size <= b.size ? [a, b] : [b, a];
  const root = smaller.size === larger.size ? larger.root : rootOfLarger;
  if (root === null) return { verdict: 'undecided', why: 'larger-shows-no-entries' };
  return { verdict: equalBytes(root, smaller.root) ? 'agree' : 'contradict', at: smaller.size };
}
