import type { Witness } from '#shared/contracts/witnesses.ts';
import type { Millis } from '#shared/kernel/clock.ts';
import { readCosignerName } from '#shared/record/witness/names.ts';
import type { Trust } from '../verify/trust.ts';

/** A quorum older than this, in a live operation, is an alarm. [RC-68] */
export const OLD: Millis = 15 * 60_000;
/** Entries that wait for the record's own signature for longer are one too. */
export const UNSIGNED: Millis = 2 * 60_000;

/** Countries of the desks that cosigned, for one line; a desk whose country is not known goes by its code. */
export function countriesOf(names: readonly string[], witnesses: readonly Witness[]): string[] {
  const countries = names.map((name) => {
    const desk = readCosignerName(name)?.desk ?? name;
    return witnesses.find((one) => one.desk === desk)?.country ?? desk;
  });
  return [...new Set(countries)];
}

export type Stale =
  | { readonly what: 'quorum'; readonly since: Millis }
  | { readonly what: 'signer'; readonly since: Millis };

type Given = {
  readonly trust: Trust | undefined;
  readonly now: Millis;
  readonly live: boolean;
  /** Entries on the record. */
  readonly head: number;
  /** Since when this browser has held the policy, by its own clock; null without one. The hub's word is not asked. */
  readonly policyAt: Millis | null;
};

/** What has not happened for too long. The record may be good; nobody can say so. [RC-68] */
export function staleIn({ trust, now, live, head, policyAt }: Given): Stale | null {
  if (trust?.state !== 'held') return null;
  const signedAt = trust.signedAt === null ? null : Date.parse(trust.signedAt);
  if (head > trust.checkpoint.size && signedAt !== null && now - signedAt > UNSIGNED)
    return { what: 'signer', since: signedAt };
  const { quorum } = trust;
  if (!live || policyAt === null || quorum === null || quorum.of === 0) return null;
  const since = Math.max(policyAt, (quorum.at ?? 0) * 1000);
  return now - since > OLD ? { what: 'quorum', since } : null;
}
