import { z } from 'zod';

import {
  command,
  compartmentId,
  cursor,
  handling,
  inOperation,
  messageId,
  officerId,
  person,
} from './common.ts';
import { call } from './contract.ts';

/** Longest message, in UTF-16 code units. The screen shows it before it refuses. */
export const maxMessageLength = 4000;

/** What a message points at; opening it is up to the feature that owns it. */
export const reference = z.object({
  kind: z.enum(['card', 'indicator', 'board']),
  id: z.string().regex(/^[0-9a-f]{32}$/),
  /** The board of a card. */
  board: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .nullable(),
});
export type Reference = z.output<typeof reference>;

export const message = z.object({
  id: messageId,
  seq: z.number().int(),
  author: person,
  postedAt: z.string(),
  /** `null` once withdrawn: the original stays on the record. */
  text: z.string().nullable(),
  handling,
  compartment: compartmentId,
  replyTo: messageId.nullable(),
  mentions: z.array(officerId),
  references: z.array(reference),
  editedAt: z.string().nullable(),
  withdrawnAt: z.string().nullable(),
});
export type Message = z.output<typeof message>;

const said = {
  text: z.string().trim().min(1).max(maxMessageLength),
  mentions: z.array(officerId).max(50).default([]),
  references: z.array(reference).max(20).default([]),
};

export const listMessages = call({
  name: 'chat.list',
  about: 'Messages I may see, newest page first inside the reply in order of posting.',
  method: 'GET',
  path: '/operations/:operationId/messages',
  needs: 'chat.read',
  body: z.object({
    ...inOperation,
    /** Only messages before this position. */
    before: z.coerce.number().int().nonnegative().optional(),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  reply: z.object({ asOf: cursor, messages: z.array(message), more: z.boolean(), readUpTo: cursor }),
});

export const postMessage = call({
  name: 'chat.post',
  about: 'Says something to a compartment of the room.',
  method: 'POST',
  path: '/operations/:operationId/messages',
  needs: 'chat.post',
  body: z.object({
    ...inOperation,
    ...command,
    ...said,
    compartment: compartmentId,
    handling,
    replyTo: messageId.nullable().default(null),
  }),
  reply: message,
  records: ['message.posted'],
});

export const editMessage = call({
  name: 'chat.edit',
  about: 'Changes the words of my own message; every version stays on the record.',
  method: 'POST',
  path: '/operations/:operationId/messages/:messageId/edit',
  needs: 'chat.post',
  body: z.object({ ...inOperation, ...command, messageId, ...said }),
  reply: message,
  records: ['message.edited'],
});

export const withdrawMessage = call({
  name: 'chat.withdraw',
  about: 'Takes back my own message from the screen; the original stays on the record.',
  method: 'POST',
  path: '/operations/:operationId/messages/:messageId/withdraw',
  needs: 'chat.post',
  body: z.object({ ...inOperation, ...command, messageId, reason: z.string().max(300) }),
  reply: message,
  records: ['message.withdrawn'],
});

/** Unread marks are the reader's own and no act on the operation: no entry. */
export const markRead = call({
  name: 'chat.mark-read',
  about: 'I have read up to this position.',
  method: 'POST',
  path: '/operations/:operationId/messages/read',
  needs: 'chat.read',
  body: z.object({ ...inOperation, upTo: cursor }),
  reply: z.object({}),
});
