import type { Millis } from '#shared/kernel/clock.ts';
import { Refusal } from '#shared/kernel/failures.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';

import { updateFrame } from '../wire/messages.ts';
import { sharedFrame } from '../wire/shared-frame.ts';
import { Answers } from './answers.ts';
import { account, acknowledge } from './batch/account.ts';
import type { Edit } from './batch/build-batch.ts';
import { type Committed, commitEdits } from './batch/commit-edits.ts';
import { Inbox } from './batch/inbox.ts';
import { mergeForAll } from './batch/merge.ts';
import { BoardState } from './board-state.ts';
import { Doubted } from './doubted.ts';
import { BoardLink } from './nodes/board-link.ts';
import type { BoardWord, News } from './nodes/board-words.ts';
import { NewsDesk } from './nodes/news-desk.ts';
import { BoardSocket } from './sockets/board-socket.ts';
import { Presence } from './sockets/presence.ts';
import type { Surroundings } from './surroundings.ts';
import type { BoardPlace } from './types.ts';

/** One open board on this node. Loading is the promise of one; it is live, draining, then dead, and never comes back. */
export class BoardActor {
  readonly sockets = new Set<BoardSocket>();
  readonly inbox = new Inbox();
  readonly presence: Presence;
  readonly state: BoardState;
  /** Resolves once it is dead: whoever came too late to join asks for the next one. */
  readonly ended: Promise<void>;
  /** How often somebody left, and when last; an idle grace that finds it changed does nothing. */
  leavings = 0;
  leftAt: Millis;
  readonly #around: Surroundings;
  readonly #link: BoardLink;
  readonly #answers: Answers;
  readonly #newsDesk: NewsDesk;
  readonly #doubted = new Doubted();
  #tellEnded: () => void = () => undefined;
  #life: 'live' | 'draining' | 'dead' = 'live';
  /** Another node has committed something. */
  #heard = false;
  #running: Promise<void> | null = null;

  private constructor(around: Surroundings, state: BoardState, link: BoardLink) {
    const { clock } = around.deps;
    this.state = state;
    this.#around = around;
    this.#link = link;
    this.#answers = new Answers(clock);
    this.#newsDesk = new NewsDesk(state, clock, () => {
      around.counters.gapsHealed += 1;
      this.fellBehind();
    });
    this.leftAt = clock.now();
    const ghost = (count: number) => {
      around.counters.ghosts += count;
    };
    this.presence = new Presence(this.sockets, { clock, link, ghost });
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
      actor.#heard = true;
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
    this.#answers.greet(socket);
    this.#kick();
    this.presence.show(socket);
    return true;
  }

  leave(socket: BoardSocket): void {
    if (!this.sockets.delete(socket)) return;
    this.leavings += 1;
    this.leftAt = this.#around.deps.clock.now();
    this.#answers.forget(socket);
    this.presence.leave(socket);
  }

  edit(edit: Edit): void {
    if (this.#life !== 'live') return;
    this.inbox.add(edit);
    this.#kick();
  }

  ask(socket: BoardSocket, vector: Uint8Array): void {
    if (this.#life !== 'live') return;
    if (this.#doubted.note(socket, vector, this.state)) this.state.behind = true;
    this.#answers.ask(socket, vector);
    this.#kick();
  }

  fellBehind(): void {
    this.state.behind = true;
    this.#kick();
  }

  /** Finishes the commit in flight; what waits behind it was not acknowledged and will be sent again. [BD-24] */
  async drain(code: RefusalCode): Promise<void> {
    if (this.#life === 'live') this.#life = 'draining';
    this.inbox.clear();
    await this.#running;
    this.#die(code);
  }

  #die(code: RefusalCode): void {
    if (this.#life === 'dead') return;
    this.#life = 'dead';
    this.inbox.clear();
    for (const socket of this.sockets) socket.refuse(code);
    this.sockets.clear();
    this.presence.end();
    this.#link.end();
    this.state.document.destroy();
    this.#around.died(this);
    this.#tellEnded();
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

  #hasWork(): boolean {
    if (this.#life !== 'live') return false;
    return this.state.behind || this.#heard || this.#answers.pending || this.inbox.depth > 0;
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
      if (!this.state.behind) this.#doubted.settle(this.state);
      this.#broadcast(this.state.link());
      const edits = this.inbox.take();
      if (edits.length > 0) await this.#commit(edits);
      if (this.#life !== 'live') return;
      this.#broadcast(this.state.link());
      this.#newsDesk.look();
      // Here the document is what is committed, and nothing else.
      this.#answers.give(this.state.document);
      this.#keepCheckpoint();
      // With nothing to commit, nothing else lets the hub's other work in between.
      if (this.#answers.pending && edits.length === 0) await this.#pause();
    }
  }

  #pause(): Promise<void> {
    return new Promise((resume) => this.#around.deps.clock.after(0, resume));
  }

  #keepCheckpoint(): void {
    const { background, checkpointer } = this.#around;
    const seq = this.state.takeCheckpoint();
    if (seq !== null) background.run(checkpointer.keep(this.place, seq));
  }

  #giveUp(error: unknown): void {
    this.#around.counters.discards += 1;
    this.#around.deps.log.error({ err: error, board: this.place.board }, 'a board was given up');
    this.#die(error instanceof Refusal && error.code === 'record.restored' ? error.code : 'try.again');
  }

  async #commit(edits: readonly Edit[]): Promise<void> {
    const { deps, gate, together } = this.#around;
    try {
      const parts = { deps, gate, together, state: this.state, presence: this.presence };
      const committed = await commitEdits({ ...parts, gap: (socket) => this.#askAgain(socket) }, edits);
      const authors = new Set(committed.edits.map(({ socket }) => socket));
      BoardSocket.together(authors, () => {
        this.#broadcast(this.state.takeUnshown());
        if (committed.rows.length > 0) this.#passOn(committed);
        acknowledge(committed);
      });
    } finally {
      for (const { socket } of edits) socket.settled();
    }
  }

  #passOn(committed: Committed): void {
    const { rows, first, last, before } = committed;
    const { deps } = this.#around;
    const { clock, meters } = deps;
    const committedAt = clock.now();
    account(this.#around, committed, committedAt);
    const epoch = rows[0]?.socket.pass.aclEpoch ?? 0;
    const updates = rows.map(({ update }) => update);
    this.#link.committed({ before, last, epoch, updates });
    deps.announce({ log: this.place.operation, from: first, to: last + 1, epoch, boardsOnly: true });
    const author = rows.length === 1 ? rows[0]?.socket : undefined;
    this.#broadcast(mergeForAll(updates), author);
    meters.took('broadcast', clock.now() - committedAt);
  }

  #broadcast(update: Uint8Array | null, author?: BoardSocket): void {
    if (update === null) return;
    const frame = sharedFrame(updateFrame(update));
    this.#answers.passed(frame.message);
    for (const socket of this.sockets) {
      if (socket === author) continue;
      const fell = socket.sendUpdate(frame, () => this.state.document.vector());
      if (fell) this.#around.counters.stale += 1;
    }
  }

  /** Until the answer comes, nothing else of this socket is looked at. [BD-12] */
  #askAgain(socket: BoardSocket): void {
    if (socket.awaitsAnswer) return;
    socket.awaitsAnswer = true;
    this.#answers.greet(socket);
  }
}
