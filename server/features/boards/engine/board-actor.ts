import type { Hint } from '#server/platform/facts.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { OfficerId } from '#shared/kernel/ids.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';

import { commitTries, boardEngineLimits as limits } from '../limits.ts';
import { answerFrame, askFrame, updateFrame } from '../wire/messages.ts';
import { type Loaded, loadBoard, readAfter, writeCheckpoint } from './board-log.ts';
import type { BoardSocket } from './board-socket.ts';
import { buildBatch, type Edit } from './build-batch.ts';
import { commitRows, type Row } from './commit.ts';
import { mergeForAll } from './merge.ts';
import { Presence } from './presence.ts';
import type { BoardCounters, BoardPlace, EngineDeps } from './types.ts';

/** What waits for the next moment at which the document is exactly what is committed. */
type Waiting =
  | { readonly kind: 'greet'; readonly socket: BoardSocket }
  | { readonly kind: 'ask'; readonly socket: BoardSocket; readonly vector: Uint8Array }
  | ({ readonly kind: 'edit' } & Edit);

type State = 'live' | 'draining' | 'dead';

/** What the actor needs of the engine around it. */
export type Surroundings = {
  readonly deps: EngineDeps;
  readonly counters: BoardCounters;
  /** Asks the gate again; false when the socket was sent away. */
  readonly readmit: (socket: BoardSocket, place: BoardPlace) => Promise<boolean>;
  /** Sends the socket away; once for each, with an entry on the record. */
  readonly sendAway: (socket: BoardSocket, code: RefusalCode, place: BoardPlace) => void;
  /** Tells the bus, and remembers that the hint is this node's own. */
  readonly announce: (hint: Hint) => void;
  readonly died: (actor: BoardActor) => void;
};

/** One open board on this node. Loading is the promise of one; it is live, draining, then dead, and never comes back. */
export class BoardActor {
  readonly place: BoardPlace;
  readonly sockets = new Set<BoardSocket>();
  readonly presence: Presence;
  /** Resolves once it is dead: whoever came too late to join asks for the next one. */
  readonly ended: Promise<void>;
  /** How often somebody left; an idle grace that finds it changed does nothing. */
  leavings = 0;
  readonly #around: Surroundings;
  #tellEnded: () => void = () => undefined;
  #loaded: Loaded;
  #state: State = 'live';
  #waiting: Waiting[] = [];
  #behind = false;
  #running: Promise<void> | null = null;

  private constructor(place: BoardPlace, around: Surroundings, loaded: Loaded) {
    this.place = place;
    this.#around = around;
    this.#loaded = loaded;
    this.presence = new Presence(this.sockets, around.deps.clock);
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  static async load(place: BoardPlace, around: Surroundings): Promise<BoardActor> {
    return new BoardActor(place, around, await loadBoard(around.deps.store, place));
  }

  /** Nothing is being committed or read at the moment. */
  get isResting(): boolean {
    return this.#running === null;
  }

  /** Seq of the newest entry of this board that is in the document. */
  get newest(): number {
    return this.#loaded.newest;
  }

  ownerOf(client: number): OfficerId | null {
    return this.#loaded.owners.get(client) ?? null;
  }

  /** False when it is too late to join; ask for another actor then. */
  join(socket: BoardSocket): boolean {
    if (this.#state !== 'live') return false;
    this.sockets.add(socket);
    this.#enqueue({ kind: 'greet', socket });
    this.presence.show(socket);
    return true;
  }

  leave(socket: BoardSocket): void {
    if (!this.sockets.delete(socket)) return;
    this.leavings += 1;
    this.presence.leave(socket);
  }

  edit(edit: Edit): void {
    this.#enqueue({ kind: 'edit', ...edit });
  }

  ask(socket: BoardSocket, vector: Uint8Array): void {
    this.#enqueue({ kind: 'ask', socket, vector });
  }

  /** The record holds, or may hold, entries that are not here. */
  fellBehind(): void {
    this.#behind = true;
    this.#kick();
  }

  /** Finishes the commit in flight; what waits behind it was not acknowledged and will be sent again. */
  async drain(code: RefusalCode): Promise<void> {
    if (this.#state === 'live') this.#state = 'draining';
    this.#waiting = [];
    await this.#running;
    this.die(code);
  }

  die(code: RefusalCode): void {
    if (this.#state === 'dead') return;
    this.#state = 'dead';
    this.#waiting = [];
    for (const socket of this.sockets) socket.refuse(code);
    this.sockets.clear();
    this.#loaded.document.destroy();
    this.#around.died(this);
    this.#tellEnded();
  }

  #enqueue(waiting: Waiting): void {
    if (this.#state !== 'live') return;
    this.#waiting.push(waiting);
    this.#kick();
  }

  #kick(): void {
    if (this.#running !== null || this.#state !== 'live') return;
    this.#running = this.#run()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#running = null;
        if (this.#state === 'live' && (this.#behind || this.#waiting.length > 0)) this.#kick();
      });
  }

  /** Nothing is acknowledged, sent on or shown before this loop has seen it committed. [BD-1] [BD-3] */
  async #run(): Promise<void> {
    await Promise.resolve();
    while (this.#state === 'live' && (this.#behind || this.#waiting.length > 0)) {
      if (this.#behind) await this.#catchUp();
      const edits = this.#takeEdits();
      if (edits.length > 0) await this.#commit(edits);
      if (this.#state !== 'live') return;
      this.#answer();
      this.#keepCheckpoint();
    }
  }

  #fail(error: unknown): void {
    this.#around.counters.discards += 1;
    this.#around.deps.log.error({ err: error, board: this.place.board }, 'a board was given up');
    this.die('try.again');
  }

  #takeEdits(): Edit[] {
    const edits: Edit[] = [];
    const left: Waiting[] = [];
    let bytes = 0;
    for (const waiting of this.#waiting) {
      const full = edits.length >= limits.batchMessages || bytes >= limits.batchBytes;
      if (waiting.kind !== 'edit' || full) left.push(waiting);
      else {
        bytes += waiting.update.length;
        edits.push(waiting);
      }
    }
    this.#waiting = left;
    return edits;
  }

  async #commit(given: readonly Edit[]): Promise<void> {
    let edits = given;
    let rows: Row[] | null = null;
    try {
      for (let tries = 0; tries < commitTries; tries++) {
        rows ??= await this.#build(edits);
        if (rows.length === 0) return this.#acknowledge(edits);
        const outcome = await commitRows(this.#around.deps, this.place, rows);
        if (outcome.kind === 'committed') return this.#committed(rows, edits, outcome);
        const dropped = await this.#drop(rows, outcome);
        if (!dropped) continue;
        edits = edits.filter(({ socket }) => !socket.isRefused);
        rows = null;
        await this.#reload();
      }
      throw refuse('try.again');
    } finally {
      for (const { socket } of given) socket.settled();
    }
  }

  /** Applies what may be applied; starts over without the socket whose change broke the document. [BD-10] */
  async #build(given: readonly Edit[]): Promise<Row[]> {
    const { sendAway } = this.#around;
    let edits = given.filter(({ socket }) => !socket.isRefused);
    for (;;) {
      const built = buildBatch(this.#loaded.document, edits, {
        owners: this.#loaded.owners,
        officerHere: (client) => this.presence.officerOf(client),
      });
      for (const [socket, code] of built.refused) sendAway(socket, code, this.place);
      for (const socket of built.gaps) this.#askAgain(socket);
      const { poisonedBy } = built;
      if (poisonedBy === null) return built.rows;
      sendAway(poisonedBy, 'update.invalid', this.place);
      edits = edits.filter(({ socket }) => socket !== poisonedBy);
      await this.#reload();
    }
  }

  /** Whether anybody had to go, so that the document holds what will never be committed. */
  async #drop(
    rows: readonly Row[],
    outcome: Exclude<Awaited<ReturnType<typeof commitRows>>, { kind: 'committed' }>,
  ): Promise<boolean> {
    const { readmit, sendAway } = this.#around;
    if (outcome.kind === 'foreign') {
      for (const socket of outcome.sockets) sendAway(socket, 'update.foreign', this.place);
      return true;
    }
    let dropped = false;
    for (const { socket } of rows) {
      if (outcome.ended.has(socket.pass.session.id)) sendAway(socket, 'session.ended', this.place);
      else await readmit(socket, this.place);
      dropped ||= socket.isRefused || !socket.mayEdit;
    }
    return dropped;
  }

  #committed(
    rows: readonly Row[],
    edits: readonly Edit[],
    { recorded, before }: { recorded: readonly { seq: number }[]; before: number },
  ): void {
    const { counters, deps } = this.#around;
    const [first, last] = [recorded[0], recorded.at(-1)];
    counters.commits += 1;
    counters.edits += edits.length;
    for (const { claims, socket, update } of rows) {
      for (const client of claims) this.#loaded.owners.set(client, socket.pass.session.officer);
      this.#loaded.since.rows += 1;
      this.#loaded.since.bytes += update.length;
      deps.touchSession(socket.pass.session);
    }
    if (first === undefined || last === undefined) return;
    const epoch = rows[0]?.socket.pass.aclEpoch ?? null;
    if (before === this.#loaded.newest) this.#loaded = { ...this.#loaded, newest: last.seq };
    else this.#behind = true;
    this.#around.announce({ log: this.place.operation, from: first.seq, to: last.seq + 1, epoch });
    this.#broadcast(
      mergeForAll(rows.map(({ update }) => update)),
      rows.length === 1 ? rows[0]?.socket : undefined,
    );
    this.#acknowledge(edits, last.seq);
  }

  #acknowledge(edits: readonly Edit[], newest = Math.max(0, this.#loaded.newest)): void {
    const upTo = new Map<BoardSocket, number>();
    for (const { socket, number } of edits) if (!socket.awaitsAnswer) upTo.set(socket, number);
    for (const [socket, number] of upTo) socket.acknowledge(number, newest);
  }

  #broadcast(update: Uint8Array, author?: BoardSocket): void {
    const frame = updateFrame(update);
    for (const socket of this.sockets) {
      if (socket === author) continue;
      const fell = socket.sendUpdate(frame, () => this.#loaded.document.vector());
      if (fell) this.#around.counters.stale += 1;
    }
  }

  /** Here the document is what is committed, and nothing else. */
  #answer(): void {
    const left: Waiting[] = [];
    const { document } = this.#loaded;
    for (const waiting of this.#waiting) {
      if (waiting.kind === 'edit') left.push(waiting);
      else if (waiting.kind === 'greet') waiting.socket.send(askFrame(document.vector()));
      else waiting.socket.sendAnswer(waiting.vector, () => answerFrame(document.missing(waiting.vector)));
    }
    this.#waiting = left;
  }

  #askAgain(socket: BoardSocket): void {
    if (socket.awaitsAnswer) return;
    socket.awaitsAnswer = true;
    this.#waiting.push({ kind: 'greet', socket });
  }

  /** Reads what other nodes, or commits of doubtful outcome, have put on the record. [BD-6] */
  async #catchUp(): Promise<void> {
    this.#behind = false;
    const entries = await readAfter(this.#around.deps.store, this.place, this.#loaded.newest);
    const last = entries.at(-1);
    if (last === undefined) return;
    const update = this.#loaded.document.restore(
      null,
      entries.map(({ payload }) => payload),
    );
    this.#loaded = { ...this.#loaded, newest: last.seq };
    this.#loaded.since.rows += entries.length;
    if (update !== null) this.#broadcast(update);
  }

  async #reload(): Promise<void> {
    this.#around.counters.discards += 1;
    const loaded = await loadBoard(this.#around.deps.store, this.place);
    this.#loaded.document.destroy();
    this.#loaded = loaded;
  }

  /** A cache, so a failure is only noted. Taken here, between commits; written while others go on. [BD-23] */
  #keepCheckpoint(): void {
    const { since, document, newest } = this.#loaded;
    if (this.#behind || (since.rows < limits.checkpointRows && since.bytes < limits.checkpointBytes)) return;
    since.rows = 0;
    since.bytes = 0;
    const { store, log } = this.#around.deps;
    writeCheckpoint(store, this.place.board, { seq: newest, state: document.checkpoint() }).catch(
      (error: unknown) => log.warn({ err: error, board: this.place.board }, 'a board checkpoint failed'),
    );
  }
}
