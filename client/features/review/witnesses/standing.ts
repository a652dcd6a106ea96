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

/** Entries that are not signed: since when this browser has seen them wait, and how many there were then. */
export type Waiting = { readonly since: Millis; readonly head: number };

/**
 * A record that was quiet for long and grows does not wait yet; one that goes on growing, and is signed up to where the
 * waiting began, waits anew. The same value while nothing changed.
 */
export function waitingIn(
  before: Waiting | null,
  given: { readonly head: number; readonly size: number; readonly now: Millis },
): Waiting | null {
  const { head, size, now } = given;
  if (head <= size) return null;
  return before !== null && size < before.head ? before : { since: now, head };
}

type Given = {
  readonly trust: Trust | undefined;
  readonly now: Millis;
  readonly live: boolean;
  readonly waiting: Waiting | null;
  /** Since when this browser has held the policy, by its own clock; null without one. The hub's word is not asked. */
  readonly policyAt: Millis | null;
};

/** What has not happened for too long. The record may be good; nobody can say so. [RC-68] */
export function staleIn({ trust, now, live, waiting, policyAt }: Given): Stale | null {
  if (trust?.state !== 'held') return null;
  if (waiting !== null && now - waiting.since > UNSIGNED) return { what: 'signer', since: waiting.since };
  const { quorum } = trust;
  if (!live || policyAt === null || quorum === null || quorum.of === 0) return null;
  const since = Math.max(policyAt, (quorum.at ?? 0) * 1000);
  return now - since > OLD ? { what: 'quorum', since } : null;
}
