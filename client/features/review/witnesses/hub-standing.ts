import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readAnchor } from '#shared/contracts/record-log.ts';
import type { Millis } from '#shared/kernel/clock.ts';
import type { NoteKey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { parsePolicy } from '#shared/record/witness/policy.ts';
import { weighQuorum } from '#shared/record/witness/quorum.ts';
import { readSigned } from '#shared/record/witness/watch.ts';

export type HubStanding =
  | { readonly state: 'no-policy' | 'none' }
  | { readonly state: 'bad'; readonly reason: string }
  | {
      readonly state: 'met';
      readonly size: number;
      readonly at: Millis;
      readonly have: number;
      readonly of: number;
    };

type Given = {
  readonly reply: ReplyOf<typeof readAnchor>;
  /** The hub's key as this browser pinned it; null when the hub states another one, or none. */
  readonly key: NoteKey | null;
  /** The policy this browser weighs the operation's record by. */
  readonly policy: string | null;
};

/** Who stands behind the hub's own record: its checkpoint with the quorum, verified and weighed here. [RC-83] */
export function hubStanding({ reply, key, policy }: Given): HubStanding {
  if (reply.vkey !== null && key === null) return { state: 'bad', reason: 'key-changed' };
  const read = policy === null ? null : parsePolicy(policy);
  if (read === null || !read.ok) return { state: 'no-policy' };
  if (reply.cosigned === null || key === null) return { state: 'none' };
  const { note } = reply.cosigned;
  const signed = readSigned(note, key);
  if (typeof signed === 'string') return { state: 'bad', reason: signed };
  const verified = verifyNote(note, read.policy.witnesses);
  const { met, at, cosigned, of } = weighQuorum(read.policy, verified.ok ? verified.signers : []);
  if (!met || at === null) return { state: 'none' };
  return { state: 'met', size: signed.size, at: at * 1000, have: cosigned.length, of };
}
