import type { RefusalCode } from '#shared/kernel/refusals.ts';

import { boardEngineLimits as limits, boardEngineTimes as times } from '../limits.ts';
import { answerFrame, askFrame, updateFrame } from '../wire/messages.ts';
import type { Background } from './background.ts';
import type { Edit } from './batch/build-batch.ts';
import { type Committed, commitEdits } from './batch/commit-edits.ts';
import { mergeForAll } from './batch/merge.ts';
import { BoardState } from './board-state.ts';
import type { Gatekeeper } from './gatekeeper.ts';
import { BoardLink, type LinkDeps } from './nodes/board-link.ts';
import type { BoardWord, News } from './nodes/board-words.ts';
import type { BoardSocket } from './sockets/board-socket.ts';
import { Presence } from './sockets/presence.ts';
import type { BoardCounters, BoardPlace, EngineDeps } from './types.ts';

/** What waits for the next moment at which the document is exactly what is committed. */
type Waiting =
  | { readonly kind: 'greet'; readonly socket: BoardSocket }
  | { readonly kind: 'ask'; readonly socket: BoardSocket; readonly vector: Uint8Array }
  | ({ readonly kind: 'edit' } & Edit);

/** What the actor needs of the engine around it. */
export type Surroundings = {
  readonly deps: EngineDeps;
  readonly counters: BoardCounters;
  readonly gate: Gatekeeper;
  readonly background: Background;
  readonly link: LinkDeps;
  readonly died: (actor: BoardActor) => void;
};

/** One open board on this node. Loading is the promise of one; it is live, draining, then dead, and never comes back. */
export class BoardActor {
  readonly sockets = new Set<BoardSocket>();
  readonly presence: Presence;
  readonly state: BoardState;
  /** Resolves once it is dead: whoever came too late to join asks for the next one. */
  readonly ended: Promise<void>;
  /** How often somebody left; an idle grace that finds it changed does nothing. */
  leavings = 0;
  readonly #around: Surroundings;
  readonly #link: BoardLink;
  #waitsForNews = false;
  #heard = false;
  #tellEnded: () => void = () => undefined;
  #life: 'live' | 'draining' | 'dead' = 'live';
  #waiting: Waiting[] = [];
  #running: Promise<void> | null = null;

  private constructor(around: Surroundings, state: BoardState, link: BoardLink) {
    this.state = state;
    this.#around = around;
    this.#link = link;
    const ghost = (count: number) => {
      around.counters.ghosts += count;
    };
    this.presence = new Presence(this.sockets, { clock: around.deps.clock, link, ghost });
    this.ended = new Promise((resolve) => {
      this.#tellEnded = resolve;
    });
  }

  static async load(place: BoardPlace, around: Surroundings): Promise<BoardActor> {
    // Listening begins before reading, so that what is committed in between is known of.
    const link = new BoardLink(around.link, place.board);
    const news: News[] = [];
    link.listen((word) => {
      if (word.kind === 'committed') news.push(word);
    });
    try {
      const actor = new BoardActor(around, await BoardState.load(place, around), link);
      for (const one of news) actor.state.heard(one);
      link.listen((word) => actor.#hearNode(word));
      actor.#kick();
      return actor;
    } catch (error) {
      link.end();
      throw error;
    }
  }

  get place(): BoardPlace {
    return this.state.place;
  }

  /** Nothing is being committed or read at the moment. */
  get isResting(): boolean {
    return this.#running === null;
  }

  /** False when it is too late to join; ask for another actor once this one has ended. */
  join(socket: BoardSocket): boolean {
    if (this.#life !== 'live') return false;
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

  fellBehind(): void {
    this.state.behind = true;
    this.#kick();
  }

  /** Finishes the commit in flight; what waits behind it was not acknowledged and will be sent again. [BD-24] */
  async drain(code: RefusalCode): Promise<void> {
    if (this.#life === 'live') this.#life = 'draining';
    this.#waiting = [];
    await this.#running;
    this.#die(code);
  }

  #die(code: RefusalCode): void {
    if (this.#life === 'dead') return;
    this.#life = 'dead';
    this.#waiting = [];
    for (const socket of this.sockets) socket.refuse(code);
    this.sockets.clear();
    this.presence.end();
    this.#link.end();
    this.state.document.destroy();
    this.#around.died(this);
    this.#tellEnded();
  }

  #enqueue(waiting: Waiting): void {
    if (this.#life !== 'live') return;
    this.#waiting.push(waiting);
    this.#kick();
  }

  #hasWork(): boolean {
    return this.#life === 'live' && (this.state.behind || this.#heard || this.#waiting.length > 0);
  }

  #hearNode(word: BoardWord): void {
    if (this.#life !== 'live') return;
    if (word.kind !== 'committed') {
      this.presence.hearNode(word);
      return;
    }
    this.#around.gate.epochIs(word.epoch, this.sockets, this.place);
    this.state.heard(word);
    this.#heard = true;
    this.#kick();
  }

  /** The commit before one that is known has not been heard of: after a moment the record is asked. [BD-6] */
  #waitForNews(): void {
    if (!this.state.hasGap || this.#waitsForNews) return;
    this.#waitsForNews = true;
    this.#around.deps.clock.after(times.newsPatience, () => {
      this.#waitsForNews = false;
      if (!this.state.hasGap || this.#life !== 'live') return;
      this.#around.counters.gapsHealed += 1;
      this.fellBehind();
    });
  }

  #kick(): void {
    if (this.#running !== null || !this.#hasWork()) return;
    this.#running = this.#run()
      .catch((error: unknown) => this.#giveUp(error))
      .finally(() => {
        this.#running = null;
        this.#kick();
      });
  }

  /** Nothing is acknowledged, sent on or shown before this loop has seen it committed. [BD-1] [BD-3] */
  async #run(): Promise<void> {
    await Promise.resolve();
    while (this.#hasWork()) {
      this.#heard = false;
      if (this.state.behind) this.#broadcast(await this.state.catchUp());
      if (this.#life !== 'live') return;
      this.#broadcast(this.state.link());
      const edits = this.#takeEdits();
      if (edits.length > 0) {
        await this.#commit(edits);
        if (this.#life !== 'live') return;
        this.#broadcast(this.state.link());
      }
      this.#waitForNews();
      this.#answer();
      if (this.state.checkpointDue) this.#around.background.run(this.state.keepCheckpoint());
    }
  }

  #giveUp(error: unknown): void {
    this.#around.counters.discards += 1;
    this.#around.deps.log.error({ err: error, board: this.place.board }, 'a board was given up');
    this.#die('try.again');
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

  async #commit(edits: readonly Edit[]): Promise<void> {
    const { deps, gate } = this.#around;
    try {
      const parts = { deps, gate, state: this.state, presence: this.presence };
      const committed = await commitEdits({ ...parts, gap: (socket) => this.#askAgain(socket) }, edits);
      if (committed.rows.length > 0) this.#passOn(committed);
      this.#acknowledge(committed);
    } finally {
      for (const { socket } of edits) socket.settled();
    }
  }

  #passOn({ rows, edits, first, last, before }: Committed): void {
    const { counters, deps } = this.#around;
    counters.commits += 1;
    counters.edits += edits.length;
    for (const { socket } of rows) deps.touchSession(socket.pass.session);
    const epoch = rows[0]?.socket.pass.aclEpoch ?? 0;
    const updates = rows.map(({ update }) => update);
    this.#link.committed({ before, last, epoch, updates });
    deps.announce({ log: this.place.operation, from: first, to: last + 1, epoch, boardsOnly: true });
    const author = rows.length === 1 ? rows[0]?.socket : undefined;
    this.#broadcast(mergeForAll(updates), author);
  }

  #acknowledge({ edits, last }: Committed): void {
    const upTo = new Map<BoardSocket, number>();
    for (const { socket, number } of edits) if (!socket.awaitsAnswer) upTo.set(socket, number);
    for (const [socket, number] of upTo) socket.acknowledge(number, Math.max(0, last));
  }

  #broadcast(update: Uint8Array | null, author?: BoardSocket): void {
    if (update === null) return;
    const frame = updateFrame(update);
    for (const socket of this.sockets) {
      if (socket === author) continue;
      const fell = socket.sendUpdate(frame, () => this.state.document.vector());
      if (fell) this.#around.counters.stale += 1;
    }
  }

  /** Here the document is what is committed, and nothing else. */
  #answer(): void {
    const left: Waiting[] = [];
    const { document } = this.state;
    for (const waiting of this.#waiting) {
      if (waiting.kind === 'edit') left.push(waiting);
      else if (waiting.kind === 'greet') waiting.socket.send(askFrame(document.vector()));
      else waiting.socket.sendAnswer(waiting.vector, () => answerFrame(document.missing(waiting.vector)));
    }
    this.#waiting = left;
  }

  /** Until the answer comes, nothing else of this socket is looked at. [BD-12] */
  #askAgain(socket: BoardSocket): void {
    if (socket.awaitsAnswer) return;
    socket.awaitsAnswer = true;
    this.#waiting.push({ kind: 'greet', socket });
  }
}
