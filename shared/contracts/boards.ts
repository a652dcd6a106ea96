import { z } from 'zod';

import { anyJson, boardId, command, compartmentId, cursor, inOperation, line, person } from './common.ts';
import { call } from './contract.ts';

export const board = z.object({
  id: boardId,
  title: z.string(),
  compartment: compartmentId,
  createdBy: person,
  createdAt: z.string(),
});
export type Board = z.output<typeof board>;

export const listBoards = call({
  name: 'boards.list',
  about: 'The boards of my compartments.',
  method: 'GET',
  path: '/operations/:operationId/boards',
  needs: 'board.open',
  body: z.object({ ...inOperation }),
  reply: z.object({ asOf: cursor, boards: z.array(board) }),
});

export const createBoard = call({
  name: 'boards.create',
  about: 'A new, empty board. It is edited over its WebSocket, /y/{operationId}/{boardId}.',
  method: 'POST',
  path: '/operations/:operationId/boards',
  needs: 'board.create',
  body: z.object({ ...inOperation, ...command, title: line(60), compartment: compartmentId }),
  reply: board,
  records: ['board.created', 'board.updated'],
});

const place = { ...inOperation, boardId };

export const readBoardAt = call({
  name: 'boards.at',
  about: 'A board exactly as it stood after an entry of the record, or at a time.',
  method: 'GET',
  path: '/operations/:operationId/boards/:boardId/at',
  needs: 'board.open',
  body: z.object({
    ...place,
    /** The state after this entry and all before it. */
    seq: z.coerce.number().int().nonnegative().optional(),
    time: z.iso.datetime().optional(),
  }),
  reply: z.object({
    asOf: cursor,
    /** The newest change of this board that the state contains; -1 for none. */
    seq: z.number().int(),
    board: anyJson,
  }),
});

/** What one act did to one card, link or frame. */
export const boardChange = z.object({
  what: z.enum(['added', 'deleted', 'moved', 'framed', 'edited']),
  record: z.enum(['card', 'link', 'frame']),
  id: z.string(),
  name: z.string(),
  field: z.string().nullable(),
  before: anyJson,
  after: anyJson,
});

const boardAct = z.object({
  seq: z.number().int(),
  at: z.string(),
  by: person.nullable(),
  changes: z.array(boardChange),
  /** The changes in words, without the subject. */
  sentences: z.array(z.string()),
});
export type BoardAct = z.output<typeof boardAct>;

export const boardHistory = call({
  name: 'boards.history',
  about: 'Who changed what on a board, newest first, with before and after.',
  method: 'GET',
  path: '/operations/:operationId/boards/:boardId/history',
  needs: 'board.open',
  body: z.object({
    ...place,
    before: z.coerce.number().int().nonnegative().optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    /** Only what touched this card, link or frame; of a card, also what touched its links. */
    record: z.string().min(1).max(200).optional(),
  }),
  reply: z.object({ asOf: cursor, acts: z.array(boardAct), more: z.boolean() }),
});
