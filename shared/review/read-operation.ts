import type { OperationThen } from '#shared/contracts/review-replay.ts';
import type { CompartmentId } from '#shared/kernel/ids.ts';

import { record, text } from './read-json.ts';
import type { Step } from './room.ts';

/** The states that entries lead to. Other entries about the operation change nothing here. */
const leadsTo: Readonly<Record<string, string>> = {
  'operation.started': 'live',
  'operation.closed': 'closed',
  'operation.review-begun': 'review',
  'operation.archived': 'archived',
  'operation.purged': 'purged',
};

export function operationCreated({ object, body, at }: Step): OperationThen {
  const told = record(body);
  return {
    id: object?.id ?? '',
    name: text(told.name) ?? '',
    purpose: text(told.purpose) ?? '',
    state: text(told.state) ?? 'live',
    createdAt: at,
    closedAt: null,
    compartments: Object.entries(record(told.compartments ?? null))
      .flatMap(([name, id]) => (typeof id === 'string' ? [{ id: id as CompartmentId, name }] : []))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

export function operationChanged(held: OperationThen | null, { kind, at }: Step): OperationThen | null {
  const state = leadsTo[kind];
  if (held === null || state === undefined) return held;
  return { ...held, state, closedAt: kind === 'operation.closed' ? at : held.closedAt };
}
