import type { OfficerId } from '#shared/kernel/ids.ts';

import { boardEngineLimits as limits } from '../limits.ts';
import type { Row } from './batch/commit-rows.ts';
import { type Loaded, loadBoard, readAfter, writeCheckpoint } from './board-log.ts';
import type { LiveDocument } from './live-document.ts';
import type { BoardCounters, BoardPlace, EngineDeps } from './types.ts';

/** The document of an open board beside what the record has: how far it has been read, and who owns which client id. */
export class BoardState {
  readonly place: BoardPlace;
  /** The record holds, or may hold, entries that are not in the document. */
  behind = false;
  #loaded: Loaded;
  readonly #deps: EngineDeps;
  readonly #counters: BoardCounters;

  private constructor(
    place: BoardPlace,
    around: { deps: EngineDeps; counters: BoardCounters },
    loaded: Loaded,
  ) {
    this.place = place;
    this.#deps = around.deps;
    this.#counters = around.counters;
    this.#loaded = loaded;
  }

  static async load(
    place: BoardPlace,
    around: { deps: EngineDeps; counters: BoardCounters },
  ): Promise<BoardState> {
    return new BoardState(place, around, await loadBoard(around.deps.store, place));
  }

  get document(): LiveDocument {
    return this.#loaded.document;
  }

  /** Seq of the newest entry up to which all of this board is in the document; -1 before the first. */
  get newest(): number {
    return this.#loaded.newest;
  }

  get owners(): ReadonlyMap<number, OfficerId> {
    return this.#loaded.owners;
  }

  /** `before` is what stood below our entries: anything else than what we knew came from another node. */
  committed(rows: readonly Row[], at: { readonly last: number; readonly before: number }): void {
    const { owners, since } = this.#loaded;
    for (const { claims, socket, update } of rows) {
      for (const client of claims) owners.set(client, socket.pass.session.officer);
      since.rows += 1;
      since.bytes += update.length;
    }
    if (at.before === this.#loaded.newest) this.#loaded = { ...this.#loaded, newest: at.last };
    else this.behind = true;
  }

  /** Reads what other nodes, or commits of doubtful outcome, have put on the record; returns what was new. [BD-6] */
  async catchUp(): Promise<Uint8Array | null> {
    this.behind = false;
    const entries = await readAfter(this.#deps.store, this.place, this.#loaded.newest);
    const last = entries.at(-1);
    if (last === undefined) return null;
    const update = this.#loaded.document.restore(
      null,
      entries.map(({ payload }) => payload),
    );
    this.#loaded.since.rows += entries.length;
    this.#loaded = { ...this.#loaded, newest: last.seq };
    return update;
  }

  /** Throws away the document with everything in it that was never committed. */
  async reload(): Promise<void> {
    this.#counters.discards += 1;
    const loaded = await loadBoard(this.#deps.store, this.place);
    this.#loaded.document.destroy();
    this.#loaded = loaded;
  }

  get checkpointDue(): boolean {
    const { since } = this.#loaded;
    return !this.behind && (since.rows >= limits.checkpointRows || since.bytes >= limits.checkpointBytes);
  }

  /**
   * The state is taken at once, which must be between commits, and written while
   * others go on. It is a cache: a failure is only noted. [BD-23]
   */
  async keepCheckpoint(): Promise<void> {
    const { since, document, newest } = this.#loaded;
    since.rows = 0;
    since.bytes = 0;
    const state = document.checkpoint();
    try {
      await writeCheckpoint(this.#deps.store, this.place.board, { seq: newest, state });
    } catch (error) {
      this.#deps.log.warn({ err: error, board: this.place.board }, 'a board checkpoint failed');
    }
  }
}
