import { z } from 'zod';

import { roles } from '../policy/can.ts';
import { operationStates } from '../policy/lifecycle.ts';
import {
  command,
  compartmentId,
  cursor,
  desk,
  inOperation,
  line,
  officerId,
  operationId,
  person,
  prose,
} from './common.ts';
import { call } from './contract.ts';

const role = z.enum(roles);

export const operationSummary = z.object({
  id: operationId,
  name: z.string(),
  purpose: z.string(),
  state: z.enum(operationStates),
  /** When it came to stand there. */
  stateSince: z.string(),
  role,
  createdAt: z.string(),
  closedAt: z.string().nullable(),
  /** At least one legal hold stands: nothing of it is destroyed. */
  onHold: z.boolean(),
  /** The day, UTC, on which it is to be purged or looked at again. */
  retainUntil: z.iso.date().nullable(),
});
export type OperationSummary = z.output<typeof operationSummary>;

const compartment = z.object({ id: compartmentId, name: z.string() });

const member = person.extend({ role, compartments: z.array(compartmentId), addedAt: z.string() });
export type Member = z.output<typeof member>;

export const listOperations = call({
  name: 'operations.list',
  about: 'The operations I am a member of: those of every day, or those of the archive.',
  method: 'GET',
  path: '/operations',
  needs: 'signed-in',
  body: z.object({ shelf: z.enum(['daily', 'archive']).default('daily') }),
  reply: z.object({ operations: z.array(operationSummary) }),
});

export const createOperation = call({
  name: 'operations.create',
  about:
    'Opens a new operation, live or planned, with me as its lead, and the compartments main and partners.',
  method: 'POST',
  path: '/operations',
  needs: 'signed-in',
  body: z.object({
    ...command,
    name: line(60),
    purpose: prose(500),
    state: z.enum(['planned', 'live']).default('live'),
  }),
  reply: operationSummary,
  records: ['operation.created', 'operation.opened'],
});

export const openOperation = call({
  name: 'operations.open',
  about: 'What the room shows of the operation: its state, my rights, its compartments and desks.',
  method: 'GET',
  path: '/operations/:operationId',
  needs: 'operation.enter',
  body: z.object({ ...inOperation }),
  reply: z.object({
    asOf: cursor,
    aclEpoch: z.number().int(),
    operation: operationSummary,
    origin: z.string(),
    compartments: z.array(compartment),
    /** Empty for partners, who do not see who takes part. */
    desks: z.array(desk),
    partnerCount: z.number().int(),
  }),
});

export const listMembers = call({
  name: 'operations.members',
  about: 'Who is in the operation, with role and compartments.',
  method: 'GET',
  path: '/operations/:operationId/members',
  needs: 'people.list',
  body: z.object({ ...inOperation }),
  reply: z.object({ asOf: cursor, members: z.array(member) }),
});

export const findOfficers = call({
  name: 'operations.find-officers',
  about: 'Officers who could be added, by name, handle or desk.',
  method: 'GET',
  path: '/operations/:operationId/candidates',
  needs: 'people.add',
  body: z.object({ ...inOperation, text: z.string().trim().max(60).default('') }),
  reply: z.object({ officers: z.array(person.extend({ deskKind: z.enum(['police', 'partner']) })) }),
});

export const addMember = call({
  name: 'operations.add-member',
  about: 'Admits an officer with a role. Partners receive the compartment partners, police desks both.',
  method: 'POST',
  path: '/operations/:operationId/members',
  needs: 'people.add',
  body: z.object({ ...inOperation, ...command, officerId, role }),
  reply: member,
  records: ['member.added'],
});

export const removeMember = call({
  name: 'operations.remove-member',
  about:
    'Ends a membership. Sockets of that officer close within a second, and no later act of theirs commits.',
  method: 'POST',
  path: '/operations/:operationId/members/:officerId/remove',
  needs: 'people.remove',
  body: z.object({ ...inOperation, ...command, officerId, reason: prose(300) }),
  reply: z.object({}),
  records: ['member.removed'],
});

export const closeOperation = call({
  name: 'operations.close',
  about: 'Closes the operation: read-only at once, everywhere.',
  method: 'POST',
  path: '/operations/:operationId/close',
  needs: 'operation.close',
  body: z.object({ ...inOperation, ...command, reason: prose(500) }),
  reply: operationSummary,
  records: ['operation.closed'],
});
