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

/** Figures of a commit, and the sessions it shows to be in use. */
export function account({ counters, deps }: Surroundings, { rows, edits }: Committed, now: Millis): void {
  counters.commits += 1;
  counters.edits += edits.length;
  for (const { at } of edits) deps.meters.took('commit', now - at);
  for (const { socket } of rows) deps.touchSession(socket.pass.session);
}
