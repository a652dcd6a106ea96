import type { Person } from '#shared/contracts/common.ts';
import type { LegalHold } from '#shared/contracts/lifecycle.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import type { HoldRow } from './store.ts';

export type People = ReadonlyMap<OfficerId, Person>;

export function presentHold(row: HoldRow, people: People): LegalHold {
  const { id, authority, reason, set_by, set_ms, lifted_by, lifted_ms, lifted_reason } = row;
  return {
    id,
    authority,
    reason,
    setBy: people.get(set_by) ?? null,
    setAt: isoTime(set_ms),
    lifted:
      lifted_ms === null
        ? null
        : {
            by: lifted_by === null ? null : (people.get(lifted_by) ?? null),
            at: isoTime(lifted_ms),
            reason: lifted_reason ?? '',
          },
  };
}
