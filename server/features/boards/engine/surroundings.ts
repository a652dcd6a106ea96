import type { Background } from './background.ts';
import type { GroupCommit } from './batch/group-commit.ts';
import type { BoardActor } from './board-actor.ts';
import type { Checkpointer } from './checkpoints/checkpointer.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import type { LinkDeps } from './nodes/board-link.ts';
import type { BoardReceipts } from './receipts.ts';
import type { BoardCounters, EngineDeps } from './types.ts';

/** What an actor needs of the engine around it. */
export type Surroundings = {
  readonly deps: EngineDeps;
  readonly counters: BoardCounters;
  readonly gate: Gatekeeper;
  readonly together: GroupCommit;
  readonly background: Background;
  readonly checkpointer: Checkpointer;
  readonly link: LinkDeps;
  readonly receipts: BoardReceipts;
  readonly died: (actor: BoardActor) => void;
};
