import { z } from 'zod';

import { boardId, command, compartmentId, cursor, inOperation, line, person } from './common.ts';
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
