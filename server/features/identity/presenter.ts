import type { Session } from '#server/platform/access.ts';
import type { Person } from '#shared/contracts/common.ts';
import type { Me } from '#shared/contracts/identity.ts';
import { isoTime } from '#shared/kernel/clock.ts';

import type { OfficerRow } from './store.ts';

export function presentPerson(
  row: Pick<OfficerRow, 'id' | 'name' | 'handle' | 'desk_code' | 'country'>,
): Person {
  return { officer: row.id, name: row.name, handle: row.handle, desk: row.desk_code, country: row.country };
}

export function presentMe(row: OfficerRow, expiresAt: number): Me {
  return {
    ...presentPerson(row),
    email: row.email,
    deskName: row.desk_name,
    deskKind: row.desk_kind,
    hostAdministrator: row.host_administrator,
    sessionEndsAt: isoTime(expiresAt),
  };
}

export function personOfSession(session: Session): Person {
  return {
    officer: session.officer,
    name: session.name,
    handle: session.handle,
    desk: session.desk.code,
    country: session.country,
  };
}

export function meOfSession(session: Session): Me {
  return {
    ...personOfSession(session),
    email: session.email,
    deskName: session.desk.name,
    deskKind: session.desk.kind,
    hostAdministrator: session.hostAdministrator,
    sessionEndsAt: isoTime(session.expiresAt),
  };
}
