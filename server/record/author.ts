import type { RoomPass, Session } from '#server/platform/access.ts';
import { fromBase64 } from '#shared/kernel/encoding.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { type Author, sessionTag } from '#shared/record/entry.ts';

/** How an entry names whoever acts; nobody signed in is `anonymous`. */
export function authorOf(session: Session | null, pass?: RoomPass): Author {
  if (session === null) return { kind: 'anonymous' };
  const token = fromBase64(session.id);
  invariant(token !== null, 'a session id that is not base64');
  return {
    kind: kindOf(session, pass),
    officer: session.officer,
    country: session.country,
    session: sessionTag(token),
  };
}

function kindOf(session: Session, pass: RoomPass | undefined): 'officer' | 'partner' | 'auditor' | 'admin' {
  if (session.desk.kind === 'partner') return 'partner';
  if (pass?.role === 'auditor') return 'auditor';
  return pass === undefined && session.hostAdministrator ? 'admin' : 'officer';
}

export const theHub: Author = { kind: 'hub' };
