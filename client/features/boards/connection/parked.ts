import { clock } from '#client/platform/clock.ts';

import type { BoardConnection } from './board-connection.ts';

type Parked = {
  readonly officer: string;
  readonly connection: BoardConnection;
  readonly callOff: () => void;
};

const LONGEST = 60 * 60_000;
const parked = new Map<string, Parked>();

/** A session was ended while this board was open: kept for its officer to sign in again, an hour at most. [CB-33] */
export function park(url: string, officer: string, connection: BoardConnection): void {
  drop(url);
  parked.set(url, { officer, connection, callOff: clock.after(LONGEST, () => drop(url)) });
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
