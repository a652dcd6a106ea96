import type { Handler } from '#server/platform/http/commands.ts';
import type { Secrets } from '#server/platform/secrets.ts';
import { rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Person } from '#shared/contracts/common.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';

import { adminHandlers } from './admin.ts';
import { enrolmentHandlers, hasAdministrator, issueLink } from './enrolment.ts';
import { openPasswords, type Passwords } from './passwords.ts';
import { presentPerson } from './presenter.ts';
import type { Sessions } from './sessions.ts';
import { exerciseHandlers, signInHandlers } from './sign-in.ts';
import { type OfficerRow, officerById } from './store.ts';

export { personOfSession } from './presenter.ts';
export { openSessions, type Sessions } from './sessions.ts';
export { allDesks, type DeskRow, insertDesk, insertOfficer, type OfficerRow, officerById } from './store.ts';
export { presentPerson };

export type IdentityDeps = {
  readonly store: Store;
  readonly sessions: Sessions;
  readonly passwords: Passwords;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly random: Random;
  /** Multiplies the sign-in limits: 1 in life, more where one test signs a cast in. */
  readonly limitScale: number;
  readonly noteFailedSignIn: (officer: OfficerId) => void;
};

export type Identity = {
  readonly handlers: readonly Handler[];
  /** A link for the first administrator, while there is none; `null` afterwards. */
  firstLink(tx: Tx): Promise<{ token: string; expiresAt: number } | null>;
};

/** Who people are: desks, officers, enrolment, sign-in and sessions. */
export function openIdentity(given: Omit<IdentityDeps, 'passwords'>, mode: 'live' | 'exercise'): Identity {
  const deps: IdentityDeps = { ...given, passwords: openPasswords(given.secrets.pepper) };
  return {
    handlers: [
      ...signInHandlers(deps),
      ...enrolmentHandlers(deps),
      ...adminHandlers(deps),
      ...(mode === 'exercise' ? exerciseHandlers(deps) : []),
    ],
    async firstLink(tx) {
      return (await hasAdministrator(tx)) ? null : issueLink(deps, tx, null);
    },
  };
}

/** Names for what people have done, by officer. */
export async function peopleById(tx: Tx, ids: readonly OfficerId[]): Promise<ReadonlyMap<OfficerId, Person>> {
  if (ids.length === 0) return new Map();
  const found = await rows<Pick<OfficerRow, 'id' | 'name' | 'handle' | 'desk_code' | 'country'>>(
    tx,
    sql`select o.id, o.name, o.handle, d.code as desk_code, d.country
        from officers o join desks d on d.id = o.desk_id where o.id = any(${[...new Set(ids)]})`,
  );
  return new Map(found.map((row) => [row.id, presentPerson(row)]));
}

export async function personById(tx: Tx, id: OfficerId): Promise<Person | null> {
  const row = await officerById(tx, id);
  return row === null ? null : presentPerson(row);
}
