import { canonicalJson, type Json } from '#shared/kernel/canonical-json.ts';

import type { Pin, Shown, Watched } from './watch.ts';

/** What a witness saw that cannot both be true, kept as a file for people and for courts. [RC-63] */
export type Evidence = {
  readonly format: 'muster-witness-evidence/1';
  readonly origin: string;
  /** ISO time at which it was seen, by the clock of whoever saw it. */
  readonly seenAt: string;
  readonly state: 'forked' | 'rolled-back' | 'key-changed';
  readonly reason: string;
  /** What was known before. */
  readonly known: {
    readonly vkey: string;
    readonly size: number;
    readonly root: string;
    readonly note: string | null;
  };
  /** What was shown then. */
  readonly shown: {
    readonly vkey: string | null;
    readonly note: string | null;
    readonly consistency: readonly string[];
  };
};

/** null when nothing contradicts. */
export function evidenceOf(
  watched: Watched,
  given: { pin: Pin; shown: Shown; origin: string; seenAt: string },
): Evidence | null {
  const { pin, shown, origin, seenAt } = given;
  switch (watched.state) {
    case 'forked':
    case 'rolled-back':
    case 'key-changed':
      return {
        format: 'muster-witness-evidence/1',
        origin,
        seenAt,
        state: watched.state,
        reason: watched.state === 'key-changed' ? 'key-changed' : watched.reason,
        known: { vkey: pin.vkey, size: pin.size, root: pin.root, note: pin.note },
        shown: { vkey: shown.vkey, note: shown.note, consistency: shown.consistency },
      };
    default:
      return null;
  }
}

export function evidenceText(evidence: Evidence): string {
  return `${canonicalJson(evidence as unknown as Json)}\n`;
}
