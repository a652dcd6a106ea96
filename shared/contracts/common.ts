import { z } from 'zod';

import type { Json } from '../kernel/canonical-json.ts';
import {
  asId,
  type BoardId,
  type Brand,
  type CommandId,
  type CompartmentId,
  type DeskId,
  type FindingId,
  type HoldId,
  type ImportId,
  type IndicatorId,
  isId,
  type MessageId,
  type OfficerId,
  type OperationId,
  type RequestId,
  type WitnessId,
} from '../kernel/ids.ts';
import { evaluationScales, handlingCodes, papLabels, tlpLabels } from '../policy/markings.ts';

function id<T extends Brand<string, string>>(what: string) {
  return z.custom<T>(isId, `not the id of ${what}: 32 lower-case hexadecimal digits`).meta({
    type: 'string',
    pattern: '^[0-9a-f]{32}$',
  });
}

export const operationId = id<OperationId>('an operation');
export const officerId = id<OfficerId>('an officer');
export const deskId = id<DeskId>('a desk');
export const compartmentId = id<CompartmentId>('a compartment');
export const boardId = id<BoardId>('a board');
export const messageId = id<MessageId>('a message');
export const indicatorId = id<IndicatorId>('an indicator');
export const findingId = id<FindingId>('a finding');
export const importId = id<ImportId>('an import');
export const requestId = id<RequestId>('a request');
export const holdId = id<HoldId>('a legal hold');
export const commandId = id<CommandId>('a command');
export const witnessId = id<WitnessId>('a witness');

/** Any JSON, typed as the kernel types it. */
export const anyJson = z.json() as z.ZodType<unknown> as z.ZodType<Json>;

/** Every writing call carries one, made by the client. */
export const command = { commandId };
export const inOperation = { operationId };

/** A cursor: how many entries one has. */
export const cursor = z.number().int().nonnegative();

export const line = (max: number) => z.string().trim().min(1).max(max);
export const prose = (max: number) => z.string().max(max);

export const evaluation = z
  .object({ scale: z.enum(['4x4', 'admiralty']), grade: z.string().max(2) })
  .refine((given) => evaluationScales[given.scale].test(given.grade), { error: 'not a grade of that scale' });

export const handling = z.object({
  tlp: z.enum(tlpLabels),
  pap: z.enum(papLabels),
  code: z.enum(handlingCodes),
  caveat: prose(500),
  evaluation: evaluation.nullable(),
});

/** A person as other members see them. */
export const person = z.object({
  officer: officerId,
  name: z.string(),
  handle: z.string(),
  desk: z.string(),
  country: z.string(),
});
export type Person = z.output<typeof person>;

export const desk = z.object({
  id: deskId,
  code: z.string(),
  name: z.string(),
  country: z.string(),
  kind: z.enum(['police', 'partner']),
});
export type Desk = z.output<typeof desk>;

/** Where an act stands on the record. */
export const recorded = z.object({ seq: z.number().int(), leafHash: z.string() });
export type Recorded = z.output<typeof recorded>;

export function newCommandId(random: () => Uint8Array): CommandId {
  return asId<CommandId>(Array.from(random(), (byte) => byte.toString(16).padStart(2, '0')).join(''));
}
