import { z } from 'zod';

import { command, compartmentId, cursor, inOperation, line, officerId } from './common.ts';
import { call, stream } from './contract.ts';

/** Who the pack is made for: a member, a desk, or somebody outside to whom these compartments are released by name. */
export const packRecipient = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('officer'), officerId }),
  z.object({ kind: z.literal('desk'), desk: line(40) }),
  z.object({
    kind: z.literal('outside'),
    name: line(120),
    compartments: z.array(compartmentId).min(1).max(20),
    /** Whoever exports says so: what the compartments hold goes to this name, RED and AMBER+STRICT included. */
    namedRelease: z.literal(true),
  }),
]);
export type PackRecipientInput = z.output<typeof packRecipient>;

export const packObjectKinds = ['board', 'indicator', 'message', 'officer', 'import'] as const;

export const packScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('operation') }),
  z.object({ kind: z.literal('time'), since: z.iso.datetime(), until: z.iso.datetime() }),
  z.object({
    kind: z.literal('objects'),
    objects: z
      .array(z.object({ kind: z.enum(packObjectKinds), id: z.string().regex(/^[0-9a-f]{32}$/) }))
      .min(1)
      .max(100),
  }),
]);
export type PackScopeInput = z.output<typeof packScope>;

export const exportPack = stream({
  name: 'record.export-pack',
  about: 'An evidence pack (BagIt in a zip) for a named recipient: what they may see, with its proofs.',
  method: 'POST',
  path: '/operations/:operationId/packs',
  needs: 'record.export',
  body: z.object({
    ...inOperation,
    ...command,
    purpose: line(300),
    recipient: packRecipient,
    scope: packScope,
    /** A checkpoint that was signed at this size: the same pack again. */
    size: z.coerce.number().int().positive().optional(),
    /** Without a size: the one of `record.pack-checkpoint`, or the newest, which covers this export. */
    checkpoint: z.enum(['cosigned', 'newest']).default('cosigned'),
  }),
  reply: z.unknown(),
  records: ['record.exported'],
});

export const packCheckpoint = call({
  name: 'record.pack-checkpoint',
  about:
    'The checkpoint that a pack rests on when none is named: who cosigned it, and whether that is the quorum.',
  method: 'GET',
  path: '/operations/:operationId/packs/checkpoint',
  needs: 'witness.read',
  body: z.object({ ...inOperation }),
  reply: z.object({
    asOf: cursor,
    /** null while no desk at work has cosigned any: a pack then rests on the newest, and on the log's signature alone. */
    suggested: z
      .object({
        size: cursor,
        signedAt: z.string(),
        /** Whether the quorum in force has cosigned it; if not, it is the one with most cosignatures. */
        met: z.boolean(),
        /** The desks' own witnesses by the names of their keys, each with the time at which it first did. */
        cosigners: z.array(z.object({ name: z.string(), at: z.string() })),
      })
      .nullable(),
    quorum: z.object({ need: z.number().int(), of: z.number().int() }).nullable(),
  }),
});
