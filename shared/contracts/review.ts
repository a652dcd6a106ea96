import { z } from 'zod';

import { command, cursor, inOperation, officerId } from './common.ts';
import { call, stream } from './contract.ts';
import { eventKinds } from './event-kinds.ts';
import { entryOnWire } from './rooms.ts';

const kinds = Object.keys(eventKinds) as [keyof typeof eventKinds, ...(keyof typeof eventKinds)[]];

/** What a reading is of: one entry for each opening, not for each page of it. [RV-12] */
export const readingKinds = ['timeline', 'replay', 'comparison', 'access', 'report'] as const;
export type ReadingKind = (typeof readingKinds)[number];

const filter = {
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  officerId: officerId.optional(),
  kind: z.enum(kinds).optional(),
  objectId: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  outcome: z.enum(['ok', 'refused']).optional(),
  from: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
};

export const openReview = call({
  name: 'review.open',
  about: 'Begins a reading of the record; the reading is itself an entry.',
  method: 'POST',
  path: '/operations/:operationId/review',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...command,
    purpose: z.string().max(300).default(''),
    what: z.enum(readingKinds).default('timeline'),
  }),
  /** `reading` is the entry of this reading: replay, comparison, access and report name it in each of their calls. */
  reply: z.object({ size: cursor, reading: z.number().int() }),
  records: ['record.consulted'],
});

export const listEntries = call({
  name: 'review.entries',
  about: 'Entries by country, officer, kind, object and time, newest first.',
  method: 'GET',
  path: '/operations/:operationId/entries',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    ...filter,
    before: z.coerce.number().int().nonnegative().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  reply: z.object({
    asOf: cursor,
    entries: z.array(entryOnWire),
    total: z.number().int(),
    more: z.boolean(),
    /** Entries per hour and country under the same filter, for the density strip. */
    density: z.array(z.object({ hour: z.string(), country: z.string(), count: z.number().int() })),
  }),
});

export const readCheckpoint = call({
  name: 'record.checkpoint',
  about: 'The newest signed checkpoint, and a proof that it contains an earlier one.',
  method: 'GET',
  path: '/operations/:operationId/checkpoint',
  needs: 'record.verify',
  body: z.object({ ...inOperation, since: z.coerce.number().int().nonnegative().optional() }),
  reply: z.object({
    /** Signed note (C2SP); `null` while none has been signed. */
    note: z.string().nullable(),
    /** Key of the log in verifier form. Compare it with the one published out of band. */
    vkey: z.string().nullable(),
    size: cursor,
    head: cursor,
    signedAt: z.string().nullable(),
    consistency: z.array(z.string()),
    /** The newest checkpoint that the quorum has cosigned, with the proof that the one above contains it. */
    cosigned: z.object({ note: z.string(), size: cursor, consistency: z.array(z.string()) }).nullable(),
  }),
});

export const proveEntry = call({
  name: 'record.prove',
  about: 'An entry as stored, with the proof that the newest checkpoint contains it.',
  method: 'GET',
  path: '/operations/:operationId/entries/:seq/proof',
  needs: 'record.prove',
  body: z.object({ ...inOperation, seq: z.coerce.number().int().nonnegative() }),
  reply: z.object({
    seq: z.number().int(),
    /** The entry's bytes, salt and payload, base64. */
    entry: z.string(),
    salt: z.string().nullable(),
    payload: z.string().nullable(),
    size: cursor,
    proof: z.array(z.string()),
    note: z.string(),
  }),
});

export const exportRecord = stream({
  name: 'record.export',
  about: 'The record up to the newest checkpoint in muster-export/1, for offline verification.',
  method: 'POST',
  path: '/operations/:operationId/export',
  needs: 'record.export',
  body: z.object({ ...inOperation, ...command, purpose: z.string().max(300).default('') }),
  reply: z.unknown(),
  records: ['record.exported'],
});
