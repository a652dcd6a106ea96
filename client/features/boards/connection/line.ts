import type { Millis } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';

import type { BoardSocket } from './board-socket.ts';
import { ended, type SaveState } from './save-state.ts';

/** Where a board's line to the hub stands. */
export type Line =
  | { readonly state: 'waiting'; readonly callOff: () => void }
  /** `asked`: the hub has said what it has, so edits may go. `current`: this replica has all the hub has. */
  | {
      readonly state: 'up';
      readonly socket: BoardSocket;
      asked: boolean;
      current: boolean;
      word: RefusalCode | null;
    }
  | { readonly state: 'over'; readonly code: RefusalCode }
  | { readonly state: 'left' };

const FIRST_WAIT = 400;
const LONGEST_WAIT = 15_000;

/** Doubles with every failure, and is shortened at random by up to half, so that a room does not come back as one. [CB-11] */
export function waitBefore(failures: number, random: Random): Millis {
  const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
  const share = (random.bytes(1)[0] ?? 0) / 255;
  return longest * (0.5 + share / 2);
}

/** `first`: nothing has been shown yet and nothing has failed. */
export function saveStateOf(line: Line, unsaved: number, first: boolean): SaveState {
  if (line.state === 'over') return ended(line.code, unsaved);
  if (line.state === 'up' && line.current) {
    return unsaved === 0 ? { state: 'saved', unsaved: 0 } : { state: 'saving', unsaved };
  }
  return { state: first ? 'connecting' : 'offline', unsaved };
}
