import { type ContentTable, contentTable } from '#server/features/operations/index.ts';
import type { Handler } from '#server/platform/http/commands.ts';
import type { UpgradeRoute } from '#server/platform/realtime/upgrades.ts';
import { sql } from '#server/platform/storage/store.ts';
import { asId } from '#shared/kernel/ids.ts';
import type { Random } from '#shared/kernel/random.ts';

import { boardHandlers } from './commands.ts';
import { BoardEngine } from './engine/board-engine.ts';
import { buildOnWorker } from './engine/checkpoints/on-worker.ts';
import type { BoardCounters, EngineDeps, EngineLog } from './engine/types.ts';
import { historyHandlers, type Replay, replayOnWorker } from './history/index.ts';
import { meterBoards, showBoards } from './metrics.ts';
import { attachBoards } from './upgrade.ts';

export { BoardEngine } from './engine/board-engine.ts';
export type { BoardCounters, EngineDeps, EngineLog };
export { attachBoards, boardHandlers, buildOnWorker, meterBoards, replayOnWorker, showBoards };

const ofItsBoards = (operation: string) =>
  sql`board_id in (select id from boards where operation_id = ${operation})`;

/** What a purge destroys here. Boards last: a state that a worker still writes then finds no board. */
export const boardContents: readonly ContentTable[] = [
  contentTable('board_checkpoints', ofItsBoards),
  contentTable('board_clients', ofItsBoards),
  contentTable('board_updates', ofItsBoards),
  contentTable('boards'),
];

export type BoardsDeps = EngineDeps & { readonly random: Random; readonly replay: Replay };

export type Boards = {
  readonly handlers: readonly Handler[];
  /** `/y/{operationId}/{boardId}`, after Origin and session. */
  readonly route: UpgradeRoute;
  readonly engine: BoardEngine;
  /** Finishes commits in flight, closes every socket with "come again". */
  stop(): Promise<void>;
};

const path = /^\/y\/([0-9a-f]{32})\/([0-9a-f]{32})$/;

/** Case boards: the calls that list and create them, and the engine in which they are edited together. */
export function openBoards(deps: BoardsDeps): Boards {
  const engine = new BoardEngine(deps);
  const upgrade = attachBoards(engine, deps.log);
  return {
    handlers: [...boardHandlers(deps), ...historyHandlers(deps)],
    route: {
      match: (url) => path.exec(url)?.slice(1) ?? null,
      accept({ request, socket, head, session, captures: [operation = '', board = ''] }) {
        void upgrade({
          request,
          socket,
          head,
          session,
          path: { operation: asId(operation), board: asId(board) },
        });
      },
    },
    engine,
    stop: () => engine.stop(),
  };
}
