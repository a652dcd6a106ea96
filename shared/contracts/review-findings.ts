import { z } from 'zod';

import { command, compartmentId, cursor, findingId, inOperation, line, person } from './common.ts';
import { call } from './contract.ts';

export const findingSorts = ['finding', 'question'] as const;
export const findingStates = ['open', 'answered', 'concluded'] as const;
export const conclusionKinds = [
  'confirmed',
  'not-confirmed',
  'lesson-identified',
  'action-needed',
  'no-further-action',
] as const;

const said = z.object({ seq: z.number().int(), by: person, at: z.string(), text: z.string() });

/** An entry as it is named where it is not shown. Without kind it is one that the reader may see no more. */
const pinnedEntry = z.object({
  seq: z.number().int(),
  at: z.string(),
  kind: z.string(),
  country: z.string().nullable(),
  by: person.nullable(),
  object: z.object({ kind: z.string(), id: z.string() }).nullable(),
});

/** Pinned to one entry, and for those who receive the compartment of that entry. */
export const finding = z.object({
  id: findingId,
  sort: z.enum(findingSorts),
  state: z.enum(findingStates),
  title: z.string(),
  text: z.string(),
  /** The entry it is about. */
  pinned: pinnedEntry,
  compartment: compartmentId,
  seq: z.number().int(),
  by: person,
  at: z.string(),
  answers: z.array(said),
  conclusion: said.extend({ kind: z.enum(conclusionKinds) }).nullable(),
});
export type Finding = z.output<typeof finding>;

const words = z.string().trim().min(1).max(4000);

export const listFindings = call({
  name: 'findings.list',
  about: 'Findings and questions of the review, oldest first.',
  method: 'GET',
  path: '/operations/:operationId/findings',
  needs: 'record.review',
  body: z.object({
    ...inOperation,
    state: z.enum(findingStates).optional(),
    /** Only those pinned to this entry. */
    pinned: z.coerce.number().int().nonnegative().optional(),
  }),
  reply: z.object({ asOf: cursor, findings: z.array(finding) }),
});

export const openFinding = call({
  name: 'findings.open',
  about: 'Pins a finding or a question to an entry.',
  method: 'POST',
  path: '/operations/:operationId/findings',
  needs: 'record.find',
  body: z.object({
    ...inOperation,
    ...command,
    sort: z.enum(findingSorts),
    title: line(120),
    text: z.string().trim().max(4000).default(''),
    pinned: z.number().int().nonnegative(),
  }),
  reply: finding,
  records: ['finding.opened'],
});

export const answerFinding = call({
  name: 'findings.answer',
  about: 'Answers a finding or a question that is not concluded.',
  method: 'POST',
  path: '/operations/:operationId/findings/:findingId/answer',
  needs: 'record.find',
  body: z.object({ ...inOperation, ...command, findingId, text: words }),
  reply: finding,
  records: ['finding.answered'],
});

export const concludeFinding = call({
  name: 'findings.conclude',
  about: 'Concludes a finding or a question, once.',
  method: 'POST',
  path: '/operations/:operationId/findings/:findingId/conclude',
  needs: 'record.find',
  body: z.object({ ...inOperation, ...command, findingId, kind: z.enum(conclusionKinds), text: words }),
  reply: finding,
  records: ['finding.concluded'],
});
