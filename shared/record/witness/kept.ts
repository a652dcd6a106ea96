import { z } from 'zod';

import type { Evidence } from './evidence.ts';
import type { Pin } from './watch.ts';

/* How a witness finds again what it has kept: a desk's program in its folder, an officer's browser in its storage. */

export const keptPin = z.object({
  vkey: z.string(),
  size: z.number().int().nonnegative(),
  root: z.string(),
  /** Absent from what was kept before notes were. */
  note: z.string().nullable().default(null),
}) satisfies z.ZodType<Pin>;

export const keptEvidence = z.object({
  format: z.literal('muster-witness-evidence/1'),
  origin: z.string(),
  seenAt: z.string(),
  state: z.enum(['forked', 'rolled-back', 'key-changed']),
  reason: z.string(),
  known: keptPin,
  shown: z.object({
    vkey: z.string().nullable(),
    note: z.string().nullable(),
    consistency: z.array(z.string()),
  }),
}) satisfies z.ZodType<Evidence>;
