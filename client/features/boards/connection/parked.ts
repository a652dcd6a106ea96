import { clock } from '#client/platform/clock.ts';
import { sessionNow } from '#client/platform/session-end.ts';

import type { BoardConnection } from './board-connection.ts';

type Parked = {
  readonly officer: string;
  readonly connection: BoardConnection;
  readonly callOff: () => void;
};

/** With something on it that is nowhere else, or after the session was ended. */
const LONGEST = 60 * 60_000;
/** Otherwise: long enough for a room that is read again. */
const SHORT = 60_000;
const parked = new Map<string, Parked>();

/** The board went from the screen: kept for its officer, unless there is nothing to come back to. [CB-33] */
export function park(url: string, officer: string, connection: BoardConnection): void {
  drop(url);
  if (!connection.park()) {
    connection.leave();
    return;
  }
  const keep = connection.holds || sessionNow() === 'ended' ? LONGEST : SHORT;
  parked.set(url, { officer, connection, callOff: clock.after(keep, () => drop(url)) });
}

/** For the same officer, once. Whoever else opens a board ends what was kept for others. */
export function unpark(url: string, officer: string): BoardConnection | null {
  for (const [at, one] of [...parked]) if (one.officer !== officer) drop(at);
  const found = parked.get(url);
  if (!found) return null;
  parked.delete(url);
  found.callOff();
  found.connection.resume();
  return found.connection;
}

function drop(url: string): void {
  const found = parked.get(url);
  parked.delete(url);
  found?.callOff();
  found?.connection.leave();
}
