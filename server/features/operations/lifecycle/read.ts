import { peopleById } from '#server/features/identity/index.ts';
import { type Handler, query } from '#server/platform/http/commands.ts';
import { readLifecycle } from '#shared/contracts/lifecycle.ts';
import { isoTime } from '#shared/kernel/clock.ts';

import { presentOperation } from '../presenter.ts';
import { presentPurge } from '../purge/presenter.ts';
import { purgeOf } from '../purge/store.ts';
import { presentHold } from './presenter.ts';
import { presentNow } from './steps.ts';
import { holdsOf, stepsOf } from './store.ts';

export function readHandler(): Handler {
  return query({
    call: readLifecycle,
    async read(tx, { pass, asOf }) {
      const operation = await presentNow(tx, pass);
      const [steps, holds] = [await stepsOf(tx, pass), await holdsOf(tx, pass)];
      const purge = await purgeOf(tx, pass);
      const people = await peopleById(tx, [
        ...(purge === null ? [] : [purge.asked_by, purge.confirmed_by ?? purge.asked_by]),
        ...steps.map(({ officer_id }) => officer_id),
        ...holds.flatMap(({ set_by, lifted_by }) => [set_by, ...(lifted_by === null ? [] : [lifted_by])]),
      ]);
      return {
        asOf,
        operation: presentOperation(operation, pass.role),
        steps: steps.map(({ state, officer_id, at_ms, reason }) => ({
          state,
          by: people.get(officer_id) ?? null,
          at: isoTime(at_ms),
          reason,
        })),
        holds: holds.map((row) => presentHold(row, people)),
        purge: purge === null ? null : presentPurge(purge, people),
      };
    },
  });
}
