import { refuse } from '#shared/kernel/failures.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';

import { boardEngineLimits as limits, boardEngineTimes as times } from '../limits.ts';
import type { Row } from './batch/commit-rows.ts';
import { mergeForAll } from './batch/merge.ts';
import type { Seen } from './batch/unseen.ts';
import { type Loaded, loadBoard, readAfter } from './board-log.ts';
import type { LiveDocument } from './live-document.ts';
import { Ahead } from './nodes/ahead.ts';
import type { News } from './nodes/board-words.ts';
import type { BoardCounters, BoardPlace, EngineDeps } from './types.ts';

type Around = { readonly deps: EngineDeps; readonly counters: BoardCounters };

/** The document of an open board beside what the record has: how far it has been read, and who owns which client id. */
export class BoardState {
  readonly place: BoardPlace;
  /** The record holds, or may hold, entries that are not in the document. */
  behind = false;
  #loaded: Loaded;
  #ahead = new Ahead();
  /** Of other nodes, and read in by a reload: the sockets of this node have not been passed it. */
  #unshown: Uint8Array[] = [];
  #nextCheckpoint = 0;
  /** Bytes that went into checkpoints since loading. */
  #kept = 0;
  readonly #around: Around;

  private constructor(place: BoardPlace, around: Around, loaded: Loaded) {
    this.place = place;
    this.#around = around;
    this.#loaded = loaded;
  }

  static async load(place: BoardPlace, around: Around): Promise<BoardState> {
    const { clock, meters, store } = around.deps;
    const started = clock.now();
    const loaded = await loadBoard(store, place, clock);
    meters.took('load', clock.now() - started);
    return new BoardState(place, around, loaded);
  }

  get document(): LiveDocument {
    return this.#loaded.document;
  }

  /** Seq of the newest entry up to which all of this board is in the document; -1 before the first. */
  get newest(): number {
    return this.#loaded.newest;
  }

  /** Which entries of the board the document holds. */
  get seen(): Seen {
    return { newest: this.newest, beyond: this.#ahead.inDocument };
  }

  get owners(): ReadonlyMap<number, OfficerId> {
    return this.#loaded.owners;
  }

  /** Some commit is known of which the one before is not. */
  get hasGap(): boolean {
    return this.#ahead.size > 0;
  }

  /** `before` is what stood below our entries: anything else than what we knew came from another node. */
  committed(rows: readonly Row[], at: { readonly last: number; readonly before: number }): void {
    const { owners, since } = this.#loaded;
    for (const { claims, socket, update } of rows) {
      for (const client of claims) owners.set(client, socket.pass.session.officer);
      since.rows += 1;
      since.bytes += update.length;
    }
    this.#ahead.add({ ...at, updates: null });
  }

  /** What another node says that it has committed; to be followed by `link`. [BD-6] */
  heard({ before, last, updates }: News): void {
    if (last <= this.newest) return;
    if (updates === null || this.#ahead.size >= limits.newsHeld) this.behind = true;
    else this.#ahead.add({ before, last, updates });
  }

  /** Puts what is known in order behind the document; returns what was new to it. */
  link(): Uint8Array | null {
    const chain = this.#ahead.follow(this.newest);
    const foreign = chain.flatMap(({ updates }) => updates ?? []);
    const last = chain.at(-1)?.last;
    if (last === undefined) return null;
    const update = foreign.length === 0 ? null : this.#loaded.document.follow(foreign);
    this.#advance(last, foreign);
    return update;
  }

  /** Reads what other nodes, or commits of doubtful outcome, have put on the record; returns what was new. [BD-6] */
  async catchUp(): Promise<Uint8Array | null> {
    this.behind = false;
    const entries = await readAfter(this.#around.deps.store, this.place, this.newest);
    const last = entries.at(-1);
    if (last === undefined) return null;
    const updates = entries.map(({ payload }) => payload);
    const update = this.#loaded.document.follow(updates);
    this.#advance(last.seq, updates);
    return update;
  }

  /**
   * Throws away the document with everything in it that was never committed. Refused when the record no longer has what
   * was committed: then everybody here has seen more than there is. [BD-32]
   */
  async reload(): Promise<void> {
    this.#around.counters.discards += 1;
    const { clock, store } = this.#around.deps;
    const { newest } = this;
    const loaded = await loadBoard(store, this.place, clock);
    const since = await readAfter(store, this.place, newest - 1);
    if (newest >= 0 && since[0]?.seq !== newest) {
      loaded.document.destroy();
      throw refuse('record.restored');
    }
    this.#unshown.push(
      ...since.filter(({ seq }) => seq > newest && seq <= loaded.newest).map(({ payload }) => payload),
    );
    this.#loaded.document.destroy();
    this.#loaded = loaded;
  }

  /** What reloads have read in and nobody here has been passed; once. */
  takeUnshown(): Uint8Array | null {
    const unshown = this.#unshown;
    this.#unshown = [];
    return unshown.length === 0 ? null : mergeForAll(unshown);
  }

  /** About how much of the record the document is made of. */
  get bytes(): number {
    const { base, since } = this.#loaded;
    return base + since.bytes + this.#kept;
  }

  /** The seq at which a checkpoint is due, once; null when none is. Not more often than one can be made. [BD-23] */
  takeCheckpoint(): number | null {
    const { since, newest } = this.#loaded;
    const now = this.#around.deps.clock.now();
    const due = since.rows >= limits.checkpointRows || since.bytes >= limits.checkpointBytes;
    if (!due || this.behind || this.hasGap || now < this.#nextCheckpoint) return null;
    this.#nextCheckpoint = now + times.checkpointSpacing;
    this.#kept += since.bytes;
    since.rows = 0;
    since.bytes = 0;
    return newest;
  }

  #advance(newest: number, updates: readonly Uint8Array[]): void {
    const { since } = this.#loaded;
    since.rows += updates.length;
    for (const { length } of updates) since.bytes += length;
    this.#loaded = { ...this.#loaded, newest };
  }
}
