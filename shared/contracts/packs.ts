import { z } from 'zod';

import { command, compartmentId, inOperation, line, officerId } from './common.ts';
import { stream } from './contract.ts';

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
    /** A checkpoint that was signed at this size: the same pack again. Without it, one that covers this export. */
    size: z.coerce.number().int().positive().optional(),
  }),
  reply: z.unknown(),
  records: ['record.exported'],
});
