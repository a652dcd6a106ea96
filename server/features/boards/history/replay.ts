import { type Act, BoardReplay } from '#shared/board/replay.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

/** Plain data: it crosses threads. */
export type ReplayRequest = {
  /** Applied without asking who did what. */
  readonly base: readonly Uint8Array[];
  /** Applied one by one, each with its differences. */
  readonly acts: readonly Uint8Array[];
  readonly wantState: boolean;
};
export type ReplayResult = { readonly acts: readonly Act[]; readonly state: Json };

export function replayBoard({ base, acts, wantState }: ReplayRequest): ReplayResult {
  const replay = new BoardReplay();
  replay.restore(base);
  const told = acts.map((update) => replay.apply(update));
  return { acts: told, state: wantState ? replay.state() : null };
}
