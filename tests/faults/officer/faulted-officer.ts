import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { BoardConnection } from '#client/features/boards/connection/board-connection.ts';
import { boardToJson } from '#shared/board/read-board.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { Clock } from '#shared/kernel/clock.ts';

import type { Ledger } from '../history/ledger.ts';
import { type Chance, pause } from '../support/chance.ts';
import { type Desk, perform } from './acts.ts';
import { editOnce, hasSharedCard, writeMuch } from './board-hand.ts';
import { RoomFollower } from './room.ts';
import { RESTORED, tappedSocket } from './wire-tap.ts';

/** The client's waits between tries, so many times shorter than in life. */
const HURRY = 20;
/** Nobody types on for ever into a board that does not save. */
const MOST_UNSAVED = 40;
const hurriedClock: Clock = {
  now: () => Date.now(),
  after(delay, act) {
    const timer = setTimeout(act, delay / HURRY);
    return () => clearTimeout(timer);
  },
};

export type Pace = {
  /** Mean milliseconds between two edits, and between two messages or indicators. */
  readonly edits: number;
  readonly acts: number;
};

export type OfficerPlan = {
  readonly desk: Desk;
  readonly board: string;
  readonly ledger: Ledger;
  readonly chance: Chance;
  readonly pace: Pace;
  /** Uses y-websocket as published instead of our own client, and hears no acknowledgements. */
  readonly stock?: boolean;
};

/** Our client's replica, or a stock one. */
type Replica = {
  doc(): Y.Doc;
  /** Nothing of its own is on its way. */
  settled(): boolean;
  /** Own edits without the hub's word; a stock client has none and does not count. */
  unsaved(): number;
  state(): string;
  retry(): void;
  /** Records of which it offers to make the officer's own work again. */
  offered(): ReadonlySet<string>;
  leave(): void;
};

/** An officer at work through thick and thin: board, chat, register and room, coming again whenever the hub is back. */
export class FaultedOfficer {
  readonly handle: string;
  readonly room: RoomFollower;
  readonly #plan: OfficerPlan;
  readonly #replica: Replica;
  #working = false;
  #work: Promise<unknown> = Promise.resolve();
  #over = false;

  constructor(plan: OfficerPlan) {
    this.handle = plan.desk.handle;
    this.#plan = plan;
    this.room = new RoomFollower(plan.desk, plan.ledger);
    this.#replica = plan.stock === true ? stockReplica(plan) : ownReplica(plan);
  }

  get cookie(): string {
    return this.#plan.desk.cookie;
  }

  /** What the officer sees of the board. */
  get board(): Json {
    return boardToJson(this.#replica.doc());
  }

  get doc(): Y.Doc {
    return this.#replica.doc();
  }

  /** No board and no room any more, and no line to either. */
  get isShutOut(): boolean {
    return this.room.isShutOut && this.#plan.ledger.linesOf(this.handle) === 0;
  }

  /** Our own page offers what a restore has lost; a stock one offers nothing. */
  get offered(): ReadonlySet<string> {
    return this.#replica.offered();
  }

  get isStock(): boolean {
    return this.#plan.stock === true;
  }

  get isSettled(): boolean {
    return this.#replica.settled();
  }

  get boardState(): string {
    return this.#replica.state();
  }

  startWork(): void {
    if (this.#working) return;
    this.#working = true;
    this.#work = Promise.all([this.#editOnAndOn(), this.#actOnAndOn()]);
  }

  /** Resolves once every act that was begun is answered. */
  async restFromWork(): Promise<void> {
    this.#working = false;
    await this.#work;
  }

  writeMuch(): void {
    if (this.#replica.unsaved() < MOST_UNSAVED / 4 && hasSharedCard(this.doc)) writeMuch(this.doc);
  }

  retryNow(): void {
    this.#replica.retry();
  }

  leave(): void {
    this.#over = true;
    this.#working = false;
    this.#replica.leave();
    this.room.leave();
  }

  async #editOnAndOn(): Promise<void> {
    const { chance, ledger, pace } = this.#plan;
    while (this.#working) {
      await pause(chance.int(1, 2 * pace.edits));
      if (!this.#working || !hasSharedCard(this.doc) || this.#replica.unsaved() > MOST_UNSAVED) continue;
      editOnce(this.doc, ledger, { officer: this.handle, chance });
    }
  }

  async #actOnAndOn(): Promise<void> {
    const { chance, desk, ledger, pace } = this.#plan;
    while (this.#working) {
      await pause(chance.int(1, 2 * pace.acts));
      const kind = chance.happens(0.5) ? 'message' : 'indicator';
      if (this.#working) await perform(desk, ledger, { kind, chance, over: () => this.#over });
    }
  }
}

function ownReplica({ desk, board, ledger, chance }: OfficerPlan): Replica {
  const Socket = tappedSocket(ledger, desk);
  const connection = new BoardConnection({
    url: `ws://board.invalid/y/${desk.operation}/${board}`,
    clock: hurriedClock,
    random: chance.fork(),
    openSocket: (url, protocols) =>
      new Socket(url.replace('ws://board.invalid', desk.url.replace('http', 'ws')), protocols),
  });
  return {
    doc: () => connection.view.doc,
    settled: () => connection.saveState.state === 'saved',
    unsaved: () => connection.saveState.unsaved,
    state: () => `${connection.saveState.state}, unsaved ${connection.saveState.unsaved}`,
    retry: () => connection.retryNow(),
    offered: () =>
      new Set(
        connection
          .lostEdits()
          .filter(({ mine }) => mine)
          .map(({ id }) => id),
      ),
    leave: () => connection.leave(),
  };
}

/** Sent away for good by a restored record, it is loaded anew, as whoever sits there would load the page. */
function stockReplica(plan: OfficerPlan): Replica {
  let last = 'never closed';
  let over = false;
  const closed = (how: string) => {
    last = `closed with ${how} at ${new Date().toISOString()}`;
  };
  const open = (): WebsocketProvider => {
    const provider = stockProvider(plan);
    provider.on('connection-close', (event) => closed(`${event?.code} ${event?.reason}`));
    provider.on('closed', ({ code }) => {
      if (code !== RESTORED || over) return;
      provider.destroy();
      provider.doc.destroy();
      held = open();
    });
    return provider;
  };
  let held = open();
  return {
    doc: () => held.doc,
    settled: () => held.synced,
    unsaved: () => (held.synced ? 0 : Number.POSITIVE_INFINITY),
    state: () =>
      held.synced
        ? 'synced'
        : `not synced, ${held.wsconnected ? 'connected' : 'offline'}, wants ${held.shouldConnect}, last ${last}`,
    retry: () => undefined,
    offered: () => new Set(),
    leave: () => {
      over = true;
      held.destroy();
      held.doc.destroy();
    },
  };
}

function stockProvider({ desk, board, ledger }: OfficerPlan): WebsocketProvider {
  return new WebsocketProvider(
    `${desk.url.replace('http', 'ws')}/y`,
    `${desk.operation}/${board}`,
    new Y.Doc(),
    {
      WebSocketPolyfill: tappedSocket(ledger, desk),
      disableBc: true,
      maxBackoffTime: 300,
    },
  );
}
