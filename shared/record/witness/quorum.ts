import { equalBytes } from '#shared/kernel/encoding.ts';

import type { NoteKey } from '../keys.ts';
import type { NoteSigner } from '../note.ts';
import { isBrowserName } from './names.ts';
import type { Policy, Quorum } from './policy.ts';

export type QuorumVerdict = {
  readonly met: boolean;
  /** POSIX seconds: the latest moment at or after which enough of them say they saw it; null while not met. */
  readonly at: number | null;
  /** Members of the quorum that cosigned, by key name, each with its newest time. */
  readonly cosigned: readonly { readonly name: string; readonly at: number }[];
  readonly missing: readonly string[];
  /** Of the outermost group: how many it takes, of how many. 0 of 0 for `quorum none`. */
  readonly need: number;
  readonly of: number;
};

/**
 * Whether these signatures, which `verifyNote` found good, make the quorum. Only keys that the policy names count, each
 * once; what an officer's browser signed counts for nothing, whoever wrote the policy. [RC-65] [RC-66]
 */
export function weighQuorum(policy: Policy, signers: readonly NoteSigner[]): QuorumVerdict {
  const { quorum } = policy;
  if (quorum === null) return { met: true, at: null, cosigned: [], missing: [], need: 0, of: 0 };
  const leaves = leavesOf(quorum);
  const seen = leaves.map((key) => ({ name: key.name, at: newestOf(key, signers) }));
  const at = completedAt(quorum, signers);
  return {
    met: at !== null,
    at,
    cosigned: seen.flatMap(({ name, at: when }) => (when === null ? [] : [{ name, at: when }])),
    missing: seen.filter(({ at: when }) => when === null).map(({ name }) => name),
    need: quorum.kind === 'group' ? quorum.need : 1,
    of: quorum.kind === 'group' ? quorum.members.length : 1,
  };
}

function completedAt(quorum: Quorum, signers: readonly NoteSigner[]): number | null {
  if (quorum.kind === 'witness') return newestOf(quorum.key, signers);
  const times = quorum.members.map((member) => completedAt(member, signers)).filter((at) => at !== null);
  times.sort((a, b) => b - a);
  return times[quorum.need - 1] ?? null;
}

function newestOf(key: NoteKey, signers: readonly NoteSigner[]): number | null {
  if (isBrowserName(key.name)) return null;
  const times = signers
    .filter((signer) => signer.key.type === key.type && signer.key.name === key.name)
    .filter((signer) => equalBytes(signer.key.publicKey, key.publicKey))
    .flatMap(({ at }) => at ?? []);
  return times.length === 0 ? null : Math.max(...times);
}

function leavesOf(quorum: Quorum): NoteKey[] {
  return quorum.kind === 'witness' ? [quorum.key] : quorum.members.flatMap(leavesOf);
}
