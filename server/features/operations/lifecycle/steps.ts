import type { RoomPass } from '#server/platform/access.ts';
import { command, type Handler, type NewFact } from '#server/platform/http/commands.ts';
import type { Tx } from '#server/platform/storage/store.ts';
import type { Call } from '#shared/contracts/contract.ts';
import { archiveOperation, beginReview, startOperation, statePurpose } from '#shared/contracts/lifecycle.ts';
import { closeOperation } from '#shared/contracts/operations.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { invariant } from '#shared/kernel/failures.ts';
import { leadsTo, PURPOSE_HOURS } from '#shared/policy/lifecycle.ts';

import { presentOperation } from '../presenter.ts';
import { readOperation } from '../store.ts';
import { putPurpose, takeStep } from './store.ts';

type StepCall = Call<
  (typeof startOperation)['body'],
  (typeof startOperation)['reply'],
  'operation.start' | 'operation.close' | 'operation.begin-review' | 'operation.archive'
>;

/** Each moves the epoch: whatever was allowed in the state before commits no more, on any node. [LC-2] [LC-3] */
export function stepHandlers(): Handler[] {
  return [
    step(startOperation, leadsTo.start, 'operation.started'),
    step(closeOperation, leadsTo.close, 'operation.closed'),
    step(beginReview, leadsTo['begin-review'], 'operation.review-begun'),
    step(archiveOperation, leadsTo.archive, 'operation.archived'),
  ];
}

type Target = (typeof leadsTo)[keyof typeof leadsTo];

function step(call: StepCall, state: Target, kind: NewFact['kind']): Handler {
  return command({
    call,
    async act(tx, { pass, now }, { reason }) {
      await takeStep(tx, pass, { state, reason, now });
      return {
        facts: [factOf(pass, kind, { reason })],
        movesEpoch: true,
        reply: presentOperation(await presentNow(tx, pass), pass.role),
      };
    },
  });
}

/** [LC-10] */
export function statePurposeHandler(): Handler {
  return command({
    call: statePurpose,
    async act(tx, { pass, now }, { purpose }) {
      const until = now + PURPOSE_HOURS * 3_600_000;
      await putPurpose(tx, pass, { now, until });
      return {
        facts: [factOf(pass, 'operation.purpose-stated', { purpose })],
        reply: { until: isoTime(until) },
      };
    },
  });
}

export async function presentNow(tx: Tx, pass: RoomPass) {
  const operation = await readOperation(tx, pass);
  invariant(operation !== null, 'an operation that is not there');
  return operation;
}

/** Everybody in the operation is told of its course, so these stand in `main`. */
export function factOf(pass: RoomPass, kind: NewFact['kind'], body: NewFact['body']): NewFact {
  return { kind, object: { kind: 'operation', id: pass.operation }, compartment: pass.main, body };
}
