import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { readCheckpoint } from '#shared/contracts/review.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import type { Checkpoint } from '#shared/record/checkpoint.ts';
import { formatVkey, type NoteKey } from '#shared/record/keys.ts';
import { verifyNote } from '#shared/record/note.ts';
import { type Evidence, evidenceOf } from '#shared/record/witness/evidence.ts';
import { type Policy, parsePolicy } from '#shared/record/witness/policy.ts';
import { type QuorumVerdict, weighQuorum } from '#shared/record/witness/quorum.ts';
import { faultBetween, type Pin, readSigned, watchCheckpoint } from '#shared/record/witness/watch.ts';

type Reply = ReplyOf<typeof readCheckpoint>;

/** How the desks stand behind the record, weighed here by the policy this browser holds. */
export type Quorum = QuorumVerdict & { readonly size: number };

/** How far the record as shown can be believed. Only `held` proves anything. */
export type Trust =
  | { readonly state: 'unsigned' }
  | {
      readonly state: 'held';
      readonly first: boolean;
      readonly key: NoteKey;
      readonly checkpoint: Checkpoint;
      readonly signedAt: string | null;
      readonly vkey: string;
      readonly pin: Pin;
      /** null while no policy is known. */
      readonly quorum: Quorum | null;
    }
  | { readonly state: Evidence['state']; readonly evidence: Evidence }
  | { readonly state: 'bad'; readonly reason: string };

export type Known = {
  readonly origin: string;
  readonly pin: Pin | null;
  /** The text of the policy this browser holds. */
  readonly policy: string | null;
  readonly seenAt: string;
};

/** Verifies the signature under the pinned key, or the first one seen, that nothing verified before has gone, and who cosigned. */
export function checkTrust(reply: Reply, { origin, pin, policy, seenAt }: Known): Trust {
  const watched = watchCheckpoint(reply, origin, pin);
  const evidence = pin && evidenceOf(watched, { pin, shown: reply, origin, seenAt });
  if (evidence) return { state: evidence.state, evidence };
  switch (watched.state) {
    case 'held': {
      const inside = cosignedInside(reply, watched);
      if (typeof inside === 'string') return { state: 'bad', reason: inside };
      if ('evidence' in inside) return contradiction(inside.evidence, { origin, seenAt, reply });
      const { first, key, checkpoint } = watched;
      const { signedAt } = reply;
      const quorum = weigh(reply, checkpoint, policy);
      return {
        state: 'held',
        first,
        key,
        checkpoint,
        signedAt,
        vkey: watched.pin.vkey,
        pin: watched.pin,
        quorum,
      };
    }
    case 'unsigned':
      return { state: 'unsigned' };
    case 'bad':
      return { state: 'bad', reason: watched.reason };
    default:
      // Nothing was pinned, so nothing can be contradicted.
      return { state: 'bad', reason: watched.state };
  }
}

/** The cosigned checkpoint is the record's too: signed by its key, and inside the newest one. */
function cosignedInside(
  { cosigned }: Reply,
  { key, checkpoint }: { key: NoteKey; checkpoint: Checkpoint },
): string | { readonly evidence: Pin & { reason: string } } | { readonly inside: true } {
  if (cosigned === null) return { inside: true };
  const signed = readSigned(cosigned.note, key);
  if (typeof signed === 'string') return signed;
  const fault = faultBetween(signed, checkpoint, cosigned.consistency);
  if (fault === null) return { inside: true };
  const { size, root } = signed;
  const known = { vkey: formatVkey(key), size, root: base64(root), note: cosigned.note };
  return { evidence: { ...known, reason: `cosigned-${fault}` } };
}

function contradiction(
  { reason, ...known }: Pin & { reason: string },
  given: { origin: string; seenAt: string; reply: Reply },
): Trust {
  const { origin, seenAt, reply } = given;
  const shown = { vkey: reply.vkey, note: reply.note, consistency: reply.cosigned?.consistency ?? [] };
  const format = 'muster-witness-evidence/1';
  return { state: 'forked', evidence: { format, origin, seenAt, state: 'forked', reason, known, shown } };
}

/** The newest checkpoint when it has the quorum; else the one the hub says has it; else what the newest lacks. */
function weigh(reply: Reply, { size }: Checkpoint, text: string | null): Quorum | null {
  if (text === null) return null;
  const read = parsePolicy(text);
  if (!read.ok) return null;
  const notes = [{ note: reply.note ?? '', size }, ...(reply.cosigned === null ? [] : [reply.cosigned])];
  const weighed = notes.map((one) => ({ ...weighNote(one.note, read.policy, text), size: one.size }));
  return weighed.find(({ met }) => met) ?? weighed[0] ?? null;
}

/** Signatures of the last few notes are not verified again at every look. */
const recent = new Map<string, QuorumVerdict>();
const RECENT = 6;

function weighNote(note: string, policy: Policy, text: string): QuorumVerdict {
  const name = `${text}\n${note}`;
  const held = recent.get(name);
  if (held) return held;
  const verified = verifyNote(note, policy.witnesses);
  const verdict = weighQuorum(policy, verified.ok ? verified.signers : []);
  const [oldest] = recent.keys();
  if (recent.size >= RECENT && oldest !== undefined) recent.delete(oldest);
  recent.set(name, verdict);
  return verdict;
}
