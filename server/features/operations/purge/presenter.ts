import type { Purge } from '#shared/contracts/purge.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { CONFIRM_HOURS } from '#shared/policy/lifecycle.ts';

import type { People } from '../lifecycle/presenter.ts';
import type { PurgeRow } from './store.ts';

export function presentPurge(row: PurgeRow, people: People): Purge {
  const { asked_by, asked_ms, reason, confirmed_by, confirmed_ms, done_ms, certified } = row;
  const total = row.purged_below ?? 0;
  return {
    askedBy: people.get(asked_by) ?? null,
    askedAt: isoTime(asked_ms),
    reason,
    confirmBefore: isoTime(asked_ms + CONFIRM_HOURS * 3_600_000),
    confirmedBy: confirmed_by === null ? null : (people.get(confirmed_by) ?? null),
    confirmedAt: confirmed_ms === null ? null : isoTime(confirmed_ms),
    progress: { done: Math.min(row.next_seq, total), total },
    doneAt: done_ms === null ? null : isoTime(done_ms),
    certified,
  };
}
