import type { Millis } from '#shared/kernel/clock.ts';

import type { BoardSocket } from '../sockets/board-socket.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Committed } from './commit-edits.ts';

/** Tells each author up to which of their messages everything stands on the record. [BD-1] */
export function acknowledge({ edits, last }: Committed): void {
  const upTo = new Map<BoardSocket, number>();
  for (const { socket, number } of edits) if (!socket.awaitsAnswer) upTo.set(socket, number);
  for (const [socket, number] of upTo) socket.acknowledge(number, Math.max(0, last));
}

/** Figures of a commit, the sessions it shows to be in use, and whom receipts are owed. */
export function account({ counters, deps, receipts }: Surroundings, committed: Committed, now: Millis): void {
  const { rows, edits, recorded } = committed;
  counters.commits += 1;
  counters.edits += edits.length;
  for (const { at } of edits) deps.meters.took('commit', now - at);
  for (const { socket } of rows) deps.touchSession(socket.pass.session);
  const log = rows[0]?.socket.pass.operation;
  if (log !== undefined) receipts.add(log, rows, recorded);
}
