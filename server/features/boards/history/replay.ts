import { type Act, BoardReplay } from '#shared/board/replay.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

/** Plain data: it crosses threads. */
export type ReplayRequest = {
  /** Applied without asking who did what. */
  readonly base: readonly Uint8Array[];
  /** Applied one by one, each with its differences. */
  readonly acts: readonly Uint8Array[];
  /** Only the newest acts that touch this record, at most `most`. */
  readonly about?: { readonly record: string; readonly most: number };
  readonly wantState: boolean;
};
/** An act, and which of the given ones it is. */
export type ToldAct = Pick<Act, 'changes' | 'sentences'> & { readonly at: number };
/** `more`: acts that belong here were left out. */
export type ReplayResult = {
  readonly acts: readonly ToldAct[];
  readonly more: boolean;
  readonly state: Json;
};

export function replayBoard({ base, acts, about, wantState }: ReplayRequest): ReplayResult {
  const replay = new BoardReplay();
  replay.restore(base);
  const told: ToldAct[] = [];
  let more = false;
  for (const [at, update] of acts.entries()) {
    const { touched, changes, sentences } = replay.apply(update);
    if (about !== undefined && !touched.has(about.record)) continue;
    told.push({ at, changes, sentences });
    if (about !== undefined && told.length > about.most) more = told.shift() !== undefined;
  }
  return { acts: told, more, state: wantState ? replay.state() : null };
}
