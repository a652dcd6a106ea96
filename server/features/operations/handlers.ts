import { officerById } from '#server/features/identity/index.ts';
import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler, type NewFact, query } from '#server/platform/http/commands.ts';
import { rows, sql, type Tx } from '#server/platform/storage/store.ts';
import type { Desk } from '#shared/contracts/common.ts';
import {
  addMember,
  createOperation,
  findOfficers,
  listMembers,
  listOperations,
  openOperation,
  removeMember,
} from '#shared/contracts/operations.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import { isDaily, operationStates } from '#shared/policy/lifecycle.ts';

import { type CreateDeps, compartmentsFor, createOperationWith, mayHold } from './create.ts';
import { lifecycleHandlers } from './lifecycle/index.ts';
import { presentMember, presentOperation } from './presenter.ts';
import { type PurgeDeps, purgeHandlers } from './purge/handlers.ts';
import * as store from './store.ts';

export function operationHandlers(deps: CreateDeps & PurgeDeps): Handler[] {
  return [
    query({
      call: listOperations,
      async read(tx, { session }, { shelf }) {
        const states = operationStates.filter((state) => isDaily(state) === (shelf === 'daily'));
        const mine = await store.operationsOf(tx, session.officer, states);
        return { operations: mine.map((row) => presentOperation(row, row.role)) };
      },
    }),
    command({
      call: createOperation,
      async act(tx, { session }, { name, purpose, state }) {
        if (session.desk.kind === 'partner') throw refuse('not.allowed');
        const opened = await createOperationWith(deps, tx, { name, purpose, state, lead: session.officer });
        return { facts: opened.facts, reply: presentOperation(opened.operation, 'lead') };
      },
    }),
    query({ call: openOperation, read: (tx, { pass, asOf }) => describe(tx, pass, asOf) }),
    query({
      call: listMembers,
      async read(tx, { pass, asOf }) {
        return { asOf, members: (await store.membersOf(tx, pass)).map(presentMember) };
      },
    }),
    query({
      call: findOfficers,
      async read(tx, { pass }, { text }) {
        const found = await store.candidatesFor(tx, pass, text);
        return {
          officers: found.map((row) => ({
            officer: row.id,
            name: row.name,
            handle: row.handle,
            desk: row.desk_code,
            deskKind: row.desk_kind,
            country: row.country,
          })),
        };
      },
    }),
    ...memberHandlers(),
    ...lifecycleHandlers(deps),
    ...purgeHandlers(deps),
  ];
}

function memberHandlers(): Handler[] {
  return [
    command({
      call: addMember,
      async act(tx, { pass, now }, { officerId, role }) {
        const officer = await officerById(tx, officerId);
        if (officer === null) throw refuse('not.found', { where: 'officerId' });
        if ((await store.memberOf(tx, pass, officerId)) !== null) throw refuse('already.member');
        if (!mayHold(officer.desk_kind, role))
          throw refuse('not.allowed', { where: 'role', what: 'a partner is an officer or an observer' });
        // Whoever comes to a review comes to review. [LC-6]
        if (pass.state === 'review' && role !== 'auditor' && role !== 'lead')
          throw refuse('not.allowed', { where: 'role', what: 'a review takes auditors and leads' });
        const receives = compartmentsFor(officer.desk_kind, await store.compartmentsOf(tx, pass.operation));
        await store.putMember(tx, {
          operation: pass.operation,
          officer: officerId,
          role,
          compartments: receives.map(({ id }) => id),
          now,
        });
        const member = await store.memberOf(tx, pass, officerId);
        invariant(member !== null, 'a member who was just added');
        return {
          facts: [
            aboutMember('member.added', pass, officerId, {
              role,
              compartments: receives.map(({ name }) => name),
            }),
          ],
          movesEpoch: true,
          reply: presentMember(member),
        };
      },
    }),
    command({
      call: removeMember,
      async act(tx, { pass, now }, { officerId, reason }) {
        const leads = await store.lockLeads(tx, pass);
        if ((await store.memberOf(tx, pass, officerId)) === null)
          throw refuse('not.found', { where: 'officerId' });
        if (leads.length === 1 && leads[0] === officerId) throw refuse('last.lead');
        await store.markRemoved(tx, pass, officerId, now);
        return {
          facts: [aboutMember('member.removed', pass, officerId, { reason })],
          movesEpoch: true,
          reply: {},
        };
      },
    }),
  ];
}

function aboutMember(
  kind: 'member.added' | 'member.removed',
  pass: RoomPass,
  officer: string,
  body: NewFact['body'],
): NewFact {
  return { kind, object: { kind: 'officer', id: officer }, compartment: pass.main, body };
}

async function describe(tx: Tx, pass: RoomPass, asOf: number) {
  const operation = await store.readOperation(tx, pass);
  invariant(operation !== null, 'an operation that is not there');
  const desks = pass.session.desk.kind === 'partner' ? [] : await desksOf(tx, pass);
  const compartments = (await store.compartmentsOf(tx, pass.operation)).filter(({ id }) =>
    pass.compartments.has(id),
  );
  return {
    asOf,
    aclEpoch: pass.aclEpoch,
    operation: presentOperation(operation, pass.role),
    origin: pass.origin,
    compartments,
    desks: desks.filter(({ kind }) => kind === 'police'),
    partnerCount: desks.filter(({ kind }) => kind === 'partner').length,
  };
}

function desksOf(tx: Tx, pass: RoomPass): Promise<Desk[]> {
  return rows(
    tx,
    sql`select distinct d.id, d.code, d.name, d.country, d.kind
        from members m join officers o on o.id = m.officer_id join desks d on d.id = o.desk_id
        where m.operation_id = ${pass.operation} and m.removed_ms is null order by d.country, d.code`,
  );
}
