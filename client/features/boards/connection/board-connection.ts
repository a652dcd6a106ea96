import type { Clock } from '#shared/kernel/clock.ts';
import type { Random } from '#shared/kernel/random.ts';
import { isRefusalCode, type RefusalCode } from '#shared/kernel/refusals.ts';

import { BoardSocket, type OpenSocket } from './board-socket.ts';
import { type BoardView, OnScreen } from './board-view.ts';
import { HeldBoard } from './held-board.ts';
import { type Line, saveStateOf, waitBefore } from './line.ts';
import type { LostEdit } from './lost-edits.ts';
import { Outbox } from './outbox.ts';
import { codeOfFinalClose, isFinalClose, type SaveState } from './save-state.ts';
import { askState, type Incoming, type Life, sendAwareness, subprotocol } from './wire.ts';

export type BoardConnectionDeps = {
  /** `wss://…/y/{operationId}/{boardId}` */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: OpenSocket;
  /** What the hub promises of changes it has acknowledged. */
  readonly heardReceipt?: (note: string) => void;
};

const MOST_RESTARTS = 3;

/**
 * One board's replica and its line to the hub. Edits made in `view.doc` are sent at once (typing after
 * a moment), kept until the hub says
 * they are on the record, and sent again after every interruption; they live in memory only. [CB-9] to [CB-14]
 */
export class BoardConnection {
  readonly #deps: BoardConnectionDeps;
  readonly #held: HeldBoard;
  readonly #outbox: Outbox;
  readonly #screen: OnScreen;
  #life: Life | null = null;
  #line: Line = { state: 'left' };
  #failures = 0;
  #restarts = 0;

  constructor(deps: BoardConnectionDeps) {
    this.#deps = deps;
    this.#held = new HeldBoard({
      edited: (typing) => {
        if (typing) this.#outbox.flushSoon();
        else this.#outbox.flush();
        this.#changed();
      },
      presence: (update) => {
        if (this.#line.state === 'up') this.#line.socket.send(sendAwareness(update));
      },
    });
    this.#outbox = new Outbox(deps.clock, this.#held.edits, () => this.#line);
    this.#screen = new OnScreen(this.#held);
    this.#connect();
  }

  get saveState(): SaveState {
    return this.#screen.saveState;
  }

  get view(): BoardView {
    return this.#screen.view;
  }

  onChange(listener: () => void): () => void {
    return this.#screen.onChange(listener);
  }

  /** Tries at once instead of after the waiting time. */
  retryNow(): void {
    if (this.#line.state !== 'waiting') return;
    this.#line.callOff();
    this.#connect();
  }

  /** Something outside knows that nothing comes through any more. */
  lineLost(): void {
    if (this.#line.state === 'up') this.#line.socket.close();
  }

  /** Gives up every unsaved edit and opens the board as the hub has it. */
  startAfresh(): void {
    this.#hangUp();
    this.#held.startAfresh();
    this.#failures = 0;
    this.#connect();
  }

  /** What was made here before the record was restored and the board does not say now. [CB-31] */
  lostEdits(): readonly LostEdit[] {
    return this.#held.lostEdits();
  }

  /** The officer has seen them and wants no more of them. */
  dropLost(): void {
    this.#held.dropLost();
    this.#changed();
  }

  /** Nobody is at the screen, but the same officer may be back: everything is kept, and nothing goes out. [CB-33] */
  park(): boolean {
    const line = this.#line;
    if (line.state === 'over' && !line.code.startsWith('session.')) return false;
    this.#outbox.flush();
    this.#hangUp();
    this.#held.replica.awareness.setLocalState(null);
    this.#held.replica.forgetOthers();
    this.#screen.forget();
    return true;
  }

  /** There is something here that is nowhere else. */
  get holds(): boolean {
    return this.#held.isNeeded;
  }

  /** Goes on where it was parked. */
  resume(): void {
    this.#failures = 0;
    this.#held.replica.awareness.setLocalState({});
    this.#connect();
  }

  /** Ends everything. What can be sent goes; whether it is saved will not be known. */
  leave(): void {
    this.#outbox.flush();
    this.#hangUp();
    this.#held.destroy();
    this.#screen.forget();
  }

  /** The unsaved edits in plain words and as one Yjs update (base64), for a file. */
  describeUnsaved(): { changes: Record<string, unknown>; update: string } {
    return this.#held.describeUnsaved();
  }

  #connect(): void {
    this.#held.edits.startConnection();
    const socket = new BoardSocket(this.#deps.openSocket(this.#address(), [subprotocol]), this.#deps.clock, {
      opened: () => {
        socket.send(askState(this.#held.replica.stateVector()));
        socket.send(sendAwareness(this.#held.replica.ownPresence()));
      },
      received: (message) => this.#receive(message),
      closed: (code, reason) => this.#closed(code, reason),
    });
    this.#line = { state: 'up', socket, asked: false, current: false, word: null };
    this.#changed();
  }

  /** Comes again as one who has seen this much of the record. [CB-32] */
  #address(): string {
    const { url } = this.#deps;
    return this.#life ? `${url}?epoch=${this.#life.docEpoch}&head=${this.#life.head}` : url;
  }

  #receive(message: Incoming): void {
    const line = this.#line;
    if (line.state !== 'up') return;
    switch (message.type) {
      case 'ask':
        this.#outbox.answer(line);
        break;
      case 'state':
        this.#held.replica.applyState(message.update);
        line.current = true;
        this.#failures = 0;
        this.#held.becameCurrent();
        break;
      case 'update':
        this.#held.replica.applyState(message.update);
        break;
      case 'awareness':
        this.#held.replica.applyPresence(message.update);
        break;
      case 'ack':
        this.#held.edits.acknowledge(message.upTo);
        this.#sees(message.newest + 1);
        this.#restarts = 0;
        break;
      case 'epoch':
        this.#life = { docEpoch: message.life.docEpoch, head: this.#life?.head ?? 0 };
        this.#sees(message.life.head);
        break;
      case 'reject':
        line.word = isRefusalCode(message.code) ? message.code : 'internal';
        break;
      case 'receipt':
        this.#deps.heardReceipt?.(message.note);
        return;
      case 'unknown':
        break;
    }
    this.#changed();
  }

  #sees(head: number): void {
    if (this.#life && head > this.#life.head) this.#life = { ...this.#life, head };
  }

  #closed(close: number, reason: string): void {
    const word = this.#line.state === 'up' ? this.#line.word : null;
    this.#held.replica.forgetOthers();
    const code = word ?? (isRefusalCode(reason) ? reason : codeOfFinalClose(close));
    if (!isFinalClose(close) || this.#readsOn(code)) this.#tryLater();
    else if (code === 'record.restored') this.#beginAgain();
    else if (code === 'update.foreign' && this.#restarts < MOST_RESTARTS) this.#restart();
    else this.#line = { state: 'over', code };
    this.#changed();
  }

  /** The operation was closed and nothing of this officer's is lost by it: the board goes on, to be read. [LC-8] */
  #readsOn(code: RefusalCode): boolean {
    return code === 'operation.closed' && this.#held.unsaved === 0;
  }

  #restart(): void {
    this.#restarts += 1;
    this.#held.restart();
    this.#tryLater();
  }

  #beginAgain(): void {
    this.#held.setAside();
    this.#life = null;
    this.#tryLater();
  }

  #tryLater(): void {
    const wait = waitBefore(this.#failures, this.#deps.random);
    this.#failures += 1;
    const callOff = this.#deps.clock.after(wait, () => this.#connect());
    this.#line = { state: 'waiting', callOff };
  }

  #hangUp(): void {
    const line = this.#line;
    this.#line = { state: 'left' };
    if (line.state === 'waiting') line.callOff();
    if (line.state === 'up') line.socket.abandon();
  }

  #changed(): void {
    const first = this.#failures === 0 && !this.#held.replica.shown;
    this.#screen.show(saveStateOf(this.#line, this.#held.unsaved, first), this.#held);
  }
}
