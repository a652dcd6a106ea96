import * as Y from 'yjs';

import type { Change } from '#shared/board/change.ts';
import { BoardReplay } from '#shared/board/replay.ts';

/** Plain data: it crosses threads. */
export type CompareBoardRequest = {
  readonly base: readonly Uint8Array[];
  readonly between: readonly Uint8Array[];
  readonly most: number;
};
export type CompareBoardResult = {
  readonly changes: readonly Change[];
  readonly sentences: readonly string[];
  readonly more: number;
};

/** All that lies between two moments of a board, told as one act. */
export function compareBoard({ base, between, most }: CompareBoardRequest): CompareBoardResult {
  const replay = new BoardReplay();
  replay.restore(base);
  const { changes, sentences } = replay.apply(Y.mergeUpdates([...between]));
  return {
    changes: changes.slice(0, most),
    sentences: sentences.slice(0, most),
    more: Math.max(0, changes.length - most),
  };
}
