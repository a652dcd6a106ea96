import { z } from 'zod';

import { operationStates } from '../policy/lifecycle.ts';
import { command, cursor, holdId, inOperation, line, person } from './common.ts';
import { call } from './contract.ts';
import { operationSummary } from './operations.ts';
import { purgeOnWire } from './purge.ts';

const withReason = z.object({ ...inOperation, ...command, reason: line(500) });

const step = z.object({
  state: z.enum(operationStates),
  by: person.nullable(),
  at: z.string(),
  reason: z.string(),
});

const hold = z.object({
  id: holdId,
  /** Who demands it: a court, a prosecutor, a commission. */
  authority: z.string(),
  reason: z.string(),
  setBy: person.nullable(),
  setAt: z.string(),
  lifted: z.object({ by: person.nullable(), at: z.string(), reason: z.string() }).nullable(),
});
export type LegalHold = z.output<typeof hold>;

export const readLifecycle = call({
  name: 'lifecycle.read',
  about: 'Where the operation stands and how it came there, its legal holds, its retention date, its purge.',
  method: 'GET',
  path: '/operations/:operationId/lifecycle',
  needs: 'operation.follow',
  body: z.object({ ...inOperation }),
  reply: z.object({
    asOf: cursor,
    operation: operationSummary,
    steps: z.array(step),
    holds: z.array(hold),
    purge: purgeOnWire.nullable(),
  }),
});

export const startOperation = call({
  name: 'lifecycle.start',
  about: 'A planned operation goes live.',
  method: 'POST',
  path: '/operations/:operationId/start',
  needs: 'operation.start',
  body: withReason,
  reply: operationSummary,
  records: ['operation.started'],
});

export const beginReview = call({
  name: 'lifecycle.begin-review',
  about: 'The review of a closed operation begins: findings may be written, auditors added.',
  method: 'POST',
  path: '/operations/:operationId/begin-review',
  needs: 'operation.begin-review',
  body: withReason,
  reply: operationSummary,
  records: ['operation.review-begun'],
});

export const archiveOperation = call({
  name: 'lifecycle.archive',
  about: 'Puts a reviewed operation into the archive: out of the daily list, read for a stated purpose only.',
  method: 'POST',
  path: '/operations/:operationId/archive',
  needs: 'operation.archive',
  body: withReason,
  reply: operationSummary,
  records: ['operation.archived'],
});

export const statePurpose = call({
  name: 'lifecycle.state-purpose',
  about: 'Says why I read an archived operation; opens it to this session for a few hours.',
  method: 'POST',
  path: '/operations/:operationId/purpose',
  needs: 'operation.state-purpose',
  body: z.object({ ...inOperation, ...command, purpose: line(300) }),
  reply: z.object({ until: z.string() }),
  records: ['operation.purpose-stated'],
});

export const setHold = call({
  name: 'lifecycle.set-hold',
  about: 'Sets a legal hold: nothing of the operation is destroyed while it stands.',
  method: 'POST',
  path: '/operations/:operationId/holds',
  needs: 'operation.hold',
  body: z.object({ ...inOperation, ...command, authority: line(200), reason: line(500) }),
  reply: hold,
  records: ['hold.set'],
});

export const liftHold = call({
  name: 'lifecycle.lift-hold',
  about: 'Lifts one legal hold; the others stand.',
  method: 'POST',
  path: '/operations/:operationId/holds/:holdId/lift',
  needs: 'operation.hold',
  body: z.object({ ...inOperation, ...command, holdId, reason: line(500) }),
  reply: hold,
  records: ['hold.lifted'],
});

export const setRetention = call({
  name: 'lifecycle.set-retention',
  about: 'Sets, moves or takes away the day by which the operation is to be purged or looked at again.',
  method: 'POST',
  path: '/operations/:operationId/retention',
  needs: 'operation.retain',
  body: z.object({ ...inOperation, ...command, until: z.iso.date().nullable(), reason: line(500) }),
  reply: operationSummary,
  records: ['retention.set'],
});
