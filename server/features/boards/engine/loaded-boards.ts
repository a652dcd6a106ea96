import { boardEngineLimits as limits } from '../limits.ts';
import type { BoardActor } from './board-actor.ts';

/** Which boards have to go so that this node holds no more than it may: those nobody is at, longest left first. [BD-28] */
export function boardsToUnload(live: Iterable<BoardActor>): BoardActor[] {
  const all = [...live];
  let boards = all.length;
  let bytes = all.reduce((sum, { state }) => sum + state.bytes, 0);
  const idle = all
    // Somebody is about to join a board that nobody has left yet.
    .filter(({ sockets, leavings }) => sockets.size === 0 && leavings > 0)
    .sort((a, b) => a.leftAt - b.leftAt);
  const gone: BoardActor[] = [];
  for (const actor of idle) {
    if (boards <= limits.boards && bytes <= limits.boardBytes) break;
    gone.push(actor);
    boards -= 1;
    bytes -= actor.state.bytes;
  }
  return gone;
}
