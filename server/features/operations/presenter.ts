import type { Member, OperationSummary } from '#shared/contracts/operations.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import type { Role } from '#shared/policy/can.ts';

import type { MemberRow, OperationRow } from './store.ts';

export function presentOperation(row: OperationRow, role: Role): OperationSummary {
  return {
    id: row.id,
    name: row.name,
    purpose: row.purpose,
    state: row.state,
    stateSince: isoTime(row.state_ms),
    role,
    createdAt: isoTime(row.created_ms),
    closedAt: row.closed_ms === null ? null : isoTime(row.closed_ms),
    onHold: row.on_hold,
    retainUntil: row.retain_until,
  };
}

export function presentMember(row: MemberRow): Member {
  return {
    officer: row.id,
    name: row.name,
    handle: row.handle,
    desk: row.desk_code,
    country: row.country,
    role: row.role,
    compartments: row.compartment_ids,
    addedAt: isoTime(row.added_ms),
  };
}
