import { command, type Handler, type NewFact, query } from '#server/platform/http/commands.ts';
import { oneRow, sql } from '#server/platform/storage/store.ts';
import { addDesk, addOfficer, issueEnrolment, listPeople } from '#shared/contracts/identity.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { DeskId, OfficerId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';

import { issueLink } from './enrolment.ts';
import type { IdentityDeps } from './index.ts';
import {
  allDesks,
  allOfficers,
  deskById,
  freeHandle,
  insertDesk,
  insertOfficer,
  officerByEmail,
  officerById,
} from './store.ts';

/** What the host's administrator does: desks, officers, links. No way from here to the content of an operation. */
export function adminHandlers(deps: IdentityDeps): Handler[] {
  return [
    query({
      call: listPeople,
      async read(tx) {
        const officers = await allOfficers(tx);
        return {
          desks: await allDesks(tx),
          officers: officers.map((row) => ({
            id: row.id,
            name: row.name,
            email: row.email,
            handle: row.handle,
            desk: row.desk_code,
            country: row.country,
            state: row.password_hash === null ? ('invited' as const) : ('active' as const),
            hostAdministrator: row.host_administrator,
          })),
        };
      },
    }),
    command({
      call: addDesk,
      async act(tx, { now }, { code, name, country, kind }) {
        const taken = await oneRow(tx, sql`select 1 from desks where code = ${code}`);
        if (taken !== null) throw refuse('already.exists', { where: 'code' });
        const desk = { id: newId<DeskId>(deps.random), code, name, country, kind };
        await insertDesk(tx, desk, now);
        return { facts: [about('desk.added', 'desk', desk.id, { code, country, kind })], reply: desk };
      },
    }),
    command({
      call: addOfficer,
      async act(tx, { now }, { deskId, name, email }) {
        const desk = await deskById(tx, deskId);
        if (desk === null) throw refuse('not.found', { where: 'deskId' });
        if ((await officerByEmail(tx, email)) !== null) throw refuse('already.exists', { where: 'email' });
        const id = newId<OfficerId>(deps.random);
        await insertOfficer(
          tx,
          { id, deskId, handle: await freeHandle(tx, name), name, email, hostAdministrator: false },
          now,
        );
        const link = await issueLink(deps, tx, id);
        return {
          facts: [
            about('officer.added', 'officer', id, { desk: deskId }),
            about('enrolment.issued', 'officer', id, { why: 'added' }),
          ],
          reply: { officer: id, token: link.token, expiresAt: isoTime(link.expiresAt) },
        };
      },
    }),
    command({
      call: issueEnrolment,
      async act(tx, _context, { officerId }) {
        const officer = await officerById(tx, officerId);
        if (officer === null) throw refuse('not.found', { where: 'officerId' });
        await deps.sessions.endAllOf(tx, officer.id, 'a new enrolment link was issued');
        const link = await issueLink(deps, tx, officer.id);
        return {
          facts: [about('enrolment.issued', 'officer', officer.id, { why: 'asked for again' })],
          reply: { officer: officer.id, token: link.token, expiresAt: isoTime(link.expiresAt) },
          afterCommit: deps.sessions.tellEnded,
        };
      },
    }),
  ];
}

function about(kind: NewFact['kind'], what: string, id: string, body: NewFact['body']): NewFact {
  return { kind, object: { kind: what, id }, compartment: null, body };
}
