import { BoardReplay } from '#shared/board/replay.ts';
import { piecesOf } from '#shared/review/texts.ts';

/** Plain data: it crosses threads. */
export type BoardTextsRequest = {
  readonly board: string;
  /** Begins anew; otherwise it goes on where it stood. */
  readonly anew: boolean;
  /** Applied without being told. */
  readonly base: readonly Uint8Array[];
  readonly acts: readonly Uint8Array[];
};
/**
 * For each act its sentences and, after a form feed, what they cut short; '' for one without words. Null when this
 * thread does not hold the board (any more): ask again, anew.
 */
export type BoardTextsResult = { readonly texts: readonly string[] | null };

/** A sentence shows this much of a text; what is longer is given beside it. */
const SHOWN = 80;
/** Characters kept on both sides of what changed. */
const AROUND = 200;
const written: ReadonlySet<string> = new Set(['text', 'title', 'label']);

/** What people wrote and did on boards, read act by act; holds the newest boards it was asked about. */
export class BoardTexts {
  readonly #boards = new Map<string, BoardReplay>();

  /** Boards held at once. */
  static readonly most = 16;

  tell({ board, anew, base, acts }: BoardTextsRequest): BoardTextsResult {
    const replay = anew ? new BoardReplay() : this.#boards.get(board);
    if (replay === undefined) return { texts: null };
    this.#boards.delete(board);
    this.#boards.set(board, replay);
    for (const old of this.#boards.keys()) {
      if (this.#boards.size <= BoardTexts.most) break;
      this.#boards.delete(old);
    }
    if (base.length > 0) replay.restore(base);
    return { texts: acts.map((update) => textOf(replay.apply(update))) };
  }
}

type Act = ReturnType<BoardReplay['apply']>;

function textOf({ changes, sentences }: Act): string {
  const beyond = changes.flatMap(({ what, field, before, after }) => {
    if (what === 'added') return wordsIn(after);
    if (what !== 'edited' || field === null || !written.has(field)) return [];
    return changed(typeof before === 'string' ? before : '', typeof after === 'string' ? after : '');
  });
  const told = [...new Set(sentences)].join('\n');
  const more = beyond.filter((text) => text.length > SHOWN).join('\n');
  return (piecesOf(more === '' ? told : `${told}\f${more}`)[0] ?? '').slice(0, 8_000).toWellFormed();
}

function wordsIn(record: unknown): string[] {
  if (typeof record !== 'object' || record === null) return [];
  return Object.entries(record).flatMap(([field, value]) =>
    written.has(field) && typeof value === 'string' ? value : [],
  );
}

/** What is new in a text, with what stands around it: a long text is not kept again for every letter. */
function changed(before: string, after: string): string {
  let start = 0;
  while (start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (
    end < after.length - start &&
    end < before.length - start &&
    before.at(-1 - end) === after.at(-1 - end)
  )
    end++;
  return after.slice(Math.max(0, start - AROUND), after.length - end + AROUND).toWellFormed();
}
