import { z } from 'zod';

import { command, inOperation, line, person } from './common.ts';
import { call } from './contract.ts';

const withReason = z.object({ ...inOperation, ...command, reason: line(500) });

export const purgeOnWire = z.object({
  askedBy: person.nullable(),
  askedAt: z.string(),
  reason: z.string(),
  /** Afterwards the request has fallen away. */
  confirmBefore: z.string(),
  confirmedBy: person.nullable(),
  confirmedAt: z.string().nullable(),
  /** Places of the record whose contents are destroyed, of those to be destroyed. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }),
  doneAt: z.string().nullable(),
  certified: z.boolean(),
});
export type Purge = z.output<typeof purgeOnWire>;

export const askPurge = call({
  name: 'purge.ask',
  about: 'Asks for the purge of an archived operation. An officer of another desk has to confirm it.',
  method: 'POST',
  path: '/operations/:operationId/purge',
  needs: 'operation.purge',
  body: withReason,
  reply: purgeOnWire,
  records: ['purge.asked'],
});

export const confirmPurge = call({
  name: 'purge.confirm',
  about: 'Confirms the purge that another desk has asked for. It begins at once and cannot be stopped.',
  method: 'POST',
  path: '/operations/:operationId/purge/confirm',
  needs: 'operation.purge',
  body: z.object({ ...inOperation, ...command }),
  reply: purgeOnWire,
  records: ['purge.confirmed'],
});

export const withdrawPurge = call({
  name: 'purge.withdraw',
  about: 'Takes a request for a purge away, or refuses it.',
  method: 'POST',
  path: '/operations/:operationId/purge/withdraw',
  needs: 'operation.purge',
  body: withReason,
  reply: z.object({}),
  records: ['purge.withdrawn'],
});

export const readCertificate = call({
  name: 'purge.certificate',
  about: 'The signed certificate of a purge.',
  method: 'GET',
  path: '/operations/:operationId/certificate',
  needs: 'operation.certificate',
  body: z.object({ ...inOperation }),
  reply: z.object({
    /** Signed note, muster-certificate/1. */
    note: z.string(),
    /** Key of the record in verifier form. Compare it with the one published out of band. */
    vkey: z.string(),
  }),
});
