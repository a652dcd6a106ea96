import type { NewFact } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { CompartmentId, OfficerId, OperationId } from '#shared/kernel/ids.ts';
import { newId, type Random } from '#shared/kernel/random.ts';
import type { DeskKind, Role } from '#shared/policy/can.ts';

import { insertCompartment, insertOperation, type OperationRow, putMember } from './store.ts';

export type Opened = {
  readonly operation: OperationRow;
  readonly main: CompartmentId;
  readonly partners: CompartmentId;
  readonly facts: readonly NewFact[];
};

export type CreateDeps = { readonly clock: Clock; readonly random: Random; readonly logOrigin: string };

/** An operation, its record, its two compartments and its first lead. */
export async function createOperationWith(
  deps: CreateDeps,
  tx: Tx,
  given: { name: string; purpose: string; lead: OfficerId; state?: 'planned' | 'live' },
): Promise<Opened> {
  const now = deps.clock.now();
  const id = newId<OperationId>(deps.random);
  const main = newId<CompartmentId>(deps.random);
  const partners = newId<CompartmentId>(deps.random);
  const { name, purpose, lead, state = 'live' } = given;
  const operation: OperationRow = {
    id,
    name,
    purpose,
    state,
    state_ms: now,
    created_ms: now,
    closed_ms: null,
    retain_until: null,
    on_hold: false,
  };
  await insertOperation(tx, operation, `${deps.logOrigin}/op/${id}`);
  await insertCompartment(tx, id, { id: main, name: 'main' });
  await insertCompartment(tx, id, { id: partners, name: 'partners' });
  await putMember(tx, { operation: id, officer: lead, role: 'lead', compartments: [main, partners], now });
  const object = { kind: 'operation', id };
  return {
    operation,
    main,
    partners,
    facts: [
      {
        log: id,
        kind: 'operation.created',
        object,
        compartment: main,
        body: { name, purpose, state, compartments: { main, partners } },
      },
      {
        log: id,
        kind: 'member.added',
        object: { kind: 'officer', id: lead },
        compartment: main,
        body: { role: 'lead', compartments: ['main', 'partners'] },
      },
      {
        log: 'hub',
        kind: 'operation.opened',
        object,
        compartment: null,
        body: { origin: `${deps.logOrigin}/op/${id}` },
      },
    ],
  };
}

/** What a member of such a desk receives. */
export function compartmentsFor(
  desk: DeskKind,
  all: readonly { id: CompartmentId; name: string }[],
): { id: CompartmentId; name: string }[] {
  return all.filter(({ name }) => desk === 'police' || name === 'partners');
}

/** A partner works in its lane: it neither leads nor audits. */
export function mayHold(desk: DeskKind, role: Role): boolean {
  return desk === 'police' || role === 'officer' || role === 'observer';
}
