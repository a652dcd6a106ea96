import { type Change, fieldsOf } from '#shared/board/change.ts';
import { BoardReplay, type StillRecord } from '#shared/board/replay.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

/** Plain data: it crosses threads. */
export type CompareBoardRequest = {
  readonly base: readonly Uint8Array[];
  readonly between: readonly Uint8Array[];
  readonly most: number;
};
export type CompareBoardResult = {
  /** `last` is the place in `between` of the change that last had a part in it. */
  readonly changes: readonly (Change & { readonly last: number })[];
  readonly sentences: readonly string[];
  readonly more: number;
  readonly records: readonly { readonly id: string; readonly before: Json; readonly after: Json }[];
  readonly still: readonly Outline[];
};
type Outline = {
  readonly id: string;
  /** Of a frame its title. */
  readonly frame: string | null;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  /** null where it is as high as its words. */
  readonly h: number | null;
};

/** Outlines of what did not change that are told: enough to know the board again. */
const STILL = 500;

/** All that lies between two moments of a board, told as one act. */
export function compareBoard({ base, between, most }: CompareBoardRequest): CompareBoardResult {
  const replay = new BoardReplay();
  replay.restore(base);
  const { changes, sentences, lasts, records, still } = replay.applyAll(between);
  const told = changes.slice(0, most);
  const ids = new Set(told.map(({ id }) => id));
  return {
    changes: told.map((change, at) => ({ ...change, last: lasts[at] ?? 0 })),
    sentences: sentences.slice(0, most),
    more: Math.max(0, changes.length - most),
    records: [...records].filter(([id]) => ids.has(id)).map(([id, both]) => ({ id, ...both })),
    still: still.slice(0, STILL).flatMap(outlineOf),
  };
}

function outlineOf({ kind, id, value }: StillRecord): Outline[] {
  const { x, y, w, h, title } = fieldsOf(value) ?? {};
  if (typeof x !== 'number' || typeof y !== 'number' || typeof w !== 'number') return [];
  const frame = kind === 'frame' && typeof title === 'string' ? title : null;
  return [{ id, frame, x, y, w, h: typeof h === 'number' ? h : null }];
}
