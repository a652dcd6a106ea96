import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

import type { RoomPass, Session } from '#server/platform/access.ts';
import type { Hint } from '#server/platform/facts.ts';
import { every } from '#shared/kernel/clock.ts';
import { Refusal, refuse } from '#shared/kernel/failures.ts';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import { boardEngineTimes as times } from '../limits.ts';
import { Background } from './background.ts';
import { GroupCommit } from './batch/group-commit.ts';
import { BoardActor } from './board-actor.ts';
import { findBoard, readHeads } from './board-log.ts';
import { Checkpointer } from './checkpoints/checkpointer.ts';
import { appendAbout } from './entries.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { codeOfBroken, hear } from './hear.ts';
import { boardsToUnload } from './loaded-boards.ts';
import { BoardReceipts } from './receipts.ts';
import { BoardSocket } from './sockets/board-socket.ts';
import type { Surroundings } from './surroundings.ts';
import type { BoardCounters, BoardGauges, BoardPlace, EngineDeps, RecordLife, SeenLife } from './types.ts';

/** A board this session may open, with its entry on the record. */
export type Admitted = { readonly pass: RoomPass; readonly place: BoardPlace; readonly life: RecordLife };

/** All open boards of this node. Nothing it holds is dirty: what is not committed is not acknowledged either. */
export class BoardEngine {
  readonly counters: BoardCounters = {
    commits: 0,
    statements: 0,
    edits: 0,
    refusals: 0,
    discards: 0,
    gapsHealed: 0,
    stale: 0,
    ghosts: 0,
  };
  readonly #deps: EngineDeps;
  readonly #background: Background;
  readonly #gate: Gatekeeper;
  readonly #together: GroupCommit;
  readonly #checkpointer: Checkpointer;
  readonly #receipts: BoardReceipts;
  /** Set before the first `await`, so that two joins never make two actors of one board. [BD-22] */
  readonly #actors = new Map<BoardId, Promise<BoardActor>>();
  readonly #live = new Map<BoardId, BoardActor>();
  readonly #sockets = new Map<BoardSocket, BoardPlace>();
  readonly #endTicks: () => void;
  readonly #endHeads: () => void;
  #stopping = false;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
    this.#background = new Background((error) =>
      deps.log.error({ err: error }, 'a task of the boards failed'),
    );
    this.#together = new GroupCommit(deps, this.counters);
    this.#checkpointer = new Checkpointer(deps);
    this.#receipts = new BoardReceipts(deps.clock, deps.signReceipts);
    this.#gate = new Gatekeeper(deps, this.counters, this.#background);
    this.#endTicks = every(deps.clock, times.tick, () => this.#tick());
    this.#endHeads = every(deps.clock, times.headCheck, () => this.#background.run(this.#checkHeads()));
  }

  /** As it is at this moment. */
  get gauges(): BoardGauges {
    const live = [...this.#live.values()];
    return {
      boards: live.length,
      bytes: live.reduce((sum, { state }) => sum + state.bytes, 0),
      sockets: this.#sockets.size,
      stale: [...this.#sockets.keys()].filter(({ isStale }) => isStale).length,
      inbox: live.reduce((sum, { inbox }) => sum + inbox.depth, 0),
      gathered: this.#together.waiting,
      behind: live.filter(({ state }) => state.behind || state.hasGap).length,
    };
  }

  /** Throws the refusal; whoever may not see the board learns no more than that there is nothing. [BD-13] [BD-33] */
  async admit(
    session: Session,
    path: { operation: OperationId; board: BoardId },
    seen: SeenLife = {},
  ): Promise<Admitted> {
    if (this.#stopping) throw refuse('hub.stopping');
    const pass = await this.#deps.admit(session, path.operation, 'board.open');
    const found = await findBoard(this.#deps.store, path.operation, path.board);
    if (found === null || !pass.compartments.has(found.place.compartment)) throw refuse('not.found');
    const { place, life } = found;
    if ((seen.docEpoch ?? life.docEpoch) !== life.docEpoch || (seen.head ?? 0) > life.head)
      throw refuse('record.restored');
    return { pass: await appendAbout(this.#deps, { pass, place }, { kind: 'board.opened' }), place, life };
  }

  /** Serves an admitted socket until it closes; `line` is the connection beneath it. */
  serve(ws: WebSocket, { pass, place, life }: Admitted, line: Duplex): void {
    const socket = new BoardSocket(ws, { pass, life, line }, this.#deps.clock);
    this.#sockets.set(socket, place);
    socket.greet(life);
    const endWatch = this.#deps.watchSession(pass.session, () => socket.refuse('session.ended'));
    let actor: BoardActor | null = null;
    ws.on('error', (error) => {
      this.#deps.log.info({ err: error }, 'a board socket failed');
      const code = codeOfBroken(error);
      if (code !== null) this.#gate.sendAway(socket, code, place);
    });
    ws.on('ping', (data) => socket.heard(data.length));
    ws.on('pong', (data) => socket.heard(data.length));
    ws.on('close', () => {
      endWatch();
      socket.hungUp();
      this.#sockets.delete(socket);
      if (actor !== null) this.#leave(actor, socket);
    });
    ws.on('message', (data, isBinary) => {
      if (actor === null) return;
      const code = hear(actor, socket, { data, isBinary });
      if (code !== null) this.#gate.sendAway(socket, code, place);
    });
    ws.pause();
    const joining = this.#join(socket, place).then(
      (joined) => {
        actor = joined;
        ws.resume();
        if (!socket.isOpen) this.#leave(joined, socket);
      },
      (error: unknown) => {
        this.#deps.log.error({ err: error, board: place.board }, 'a board could not be loaded');
        socket.refuse(error instanceof Refusal ? error.code : 'try.again');
      },
    );
    this.#background.run(joining);
  }

  endSession(sessionId: string): void {
    for (const socket of this.#sockets.keys()) {
      if (socket.pass.session.id === sessionId) socket.refuse('session.ended');
    }
  }

  /** Finishes the commits in flight and sends everybody to come again. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#endTicks();
    this.#endHeads();
    const actors = await Promise.allSettled(this.#actors.values());
    await Promise.all(
      actors.map((actor) => (actor.status === 'fulfilled' ? actor.value.drain('hub.stopping') : null)),
    );
    for (const socket of this.#sockets.keys()) socket.refuse('hub.stopping');
    await this.#deps.states.stop();
    await this.#background.settle();
  }

  async #join(socket: BoardSocket, place: BoardPlace): Promise<BoardActor> {
    for (;;) {
      if (this.#stopping) throw refuse('hub.stopping');
      const actor = await this.#actorOf(place);
      if (actor.join(socket)) return actor;
      await actor.ended;
    }
  }

  #actorOf(place: BoardPlace): Promise<BoardActor> {
    const held = this.#actors.get(place.board);
    if (held !== undefined) return held;
    const loading = BoardActor.load(place, this.#surroundings()).then((actor) => {
      this.#live.set(place.board, actor);
      const endFollowing = this.#deps.follow(place.operation, (hint) => this.#hear(actor, hint));
      void actor.ended.then(endFollowing);
      this.#makeRoom();
      return actor;
    });
    this.#actors.set(place.board, loading);
    loading.catch(() => this.#actors.delete(place.board));
    return loading;
  }

  #surroundings(): Surroundings {
    return {
      deps: this.#deps,
      counters: this.counters,
      gate: this.#gate,
      together: this.#together,
      background: this.#background,
      checkpointer: this.#checkpointer,
      receipts: this.#receipts,
      link: {
        bus: this.#deps.bus,
        node: this.#deps.node,
        failed: (error) => this.#deps.log.warn({ err: error }, 'the bus did not take a subscription'),
      },
      died: ({ place }) => {
        this.#actors.delete(place.board);
        this.#live.delete(place.board);
      },
    };
  }

  #makeRoom(): void {
    for (const idle of boardsToUnload(this.#live.values())) this.#background.run(idle.drain('try.again'));
  }

  #leave(actor: BoardActor, socket: BoardSocket): void {
    actor.leave(socket);
    if (actor.sockets.size > 0) return;
    const { leavings } = actor;
    this.#deps.clock.after(times.idleGrace, () => {
      if (actor.sockets.size === 0 && actor.leavings === leavings)
        this.#background.run(actor.drain('try.again'));
    });
  }

  /** Rights have moved. What was committed to the board itself comes over the board's own channel. [BD-14] */
  #hear(actor: BoardActor, { epoch }: Hint): void {
    if (epoch !== null) this.#gate.epochIs(epoch, actor.sockets, actor.place);
  }

  #tick(): void {
    const now = this.#deps.clock.now();
    for (const actor of this.#live.values()) {
      actor.presence.tick(now);
      for (const socket of actor.sockets) {
        const vector = socket.tick(now);
        if (vector === null) continue;
        actor.ask(socket, vector);
        actor.presence.show(socket);
      }
    }
  }

  /** What the bus lost is found here. A store that cannot be read is noted and asked again. */
  async #checkHeads(): Promise<void> {
    const open = [...this.#live.values()].map((actor) => ({ actor, before: actor.state.newest }));
    if (open.length === 0) return;
    try {
      const heads = await readHeads(
        this.#deps.store,
        open.map(({ actor }) => actor.place.board),
      );
      for (const { actor, before } of open) {
        const head = heads.get(actor.place.board);
        if (head === undefined) continue;
        // What was committed is there no more, and not for a purge: the database was put back under this hub. [BD-32]
        if (head.newest >= 0 && head.newest < before) this.#background.run(actor.drain('record.restored'));
        // While a commit is in flight its own entries may be what is newer; it will show by itself what else is.
        if (head.newest > actor.state.newest && actor.isResting) {
          this.counters.gapsHealed += 1;
          actor.fellBehind();
        }
        this.#gate.epochIs(head.epoch, actor.sockets, actor.place);
      }
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the heads of open boards could not be read');
    }
  }
}
