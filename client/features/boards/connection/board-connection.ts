import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';

import type { Clock } from '#shared/kernel/clock.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import type { Random } from '#shared/kernel/random.ts';
import { isRefusalCode, type RefusalCode } from '#shared/kernel/refusals.ts';

import { BoardDocument } from './board-document.ts';
import { BoardSocket, type OpenSocket } from './board-socket.ts';
import { type Line, saveStateOf, waitBefore } from './line.ts';
import type { LostEdit } from './lost-edits.ts';
import { codeOfFinalClose, isFinalClose, type SaveState, sameSaveState } from './save-state.ts';
import { SetAside } from './set-aside.ts';
import { carryOver, describeTouched, isTyping, type Touched } from './touched.ts';
import { UnsavedEdits } from './unsaved-edits.ts';
import {
  askState,
  type Incoming,
  type Life,
  sendAwareness,
  sendState,
  sendUpdate,
  subprotocol,
} from './wire.ts';

export type BoardConnectionDeps = {
  /** `wss://…/y/{operationId}/{boardId}` */
  readonly url: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly openSocket: OpenSocket;
  /** What the hub promises of changes it has acknowledged. */
  readonly heardReceipt?: (note: string) => void;
};

/** What the screen draws. `doc` changes identity when the replica had to be begun again. */
export type BoardView = {
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  readonly shown: boolean;
  /** Something is kept from before the record was restored. */
  readonly aside: boolean;
};

type Carried = { readonly from: BoardDocument; readonly touched: Touched; readonly count: number };

const MOST_RESTARTS = 3;
const TYPING = 300;
/** A Yjs update without structs or deletions. */
const nothing = new Uint8Array([0, 0]);

/**
 * One board's replica and its line to the hub. Edits made in `view.doc` are sent at once (typing after
 * a moment), kept until the hub says
 * they are on the record, and sent again after every interruption; they live in memory only. [CB-9] to [CB-14]
 */
export class BoardConnection {
  readonly #deps: BoardConnectionDeps;
  readonly #edits = new UnsavedEdits();
  readonly #aside = new SetAside();
  #life: Life | null = null;
  readonly #listeners = new Set<() => void>();
  #replica: BoardDocument;
  #line: Line = { state: 'left' };
  #carried: Carried | null = null;
  /** Calls off the sending of what is being typed. */
  #typing: (() => void) | null = null;
  #failures = 0;
  #restarts = 0;
  #saveState: SaveState = { state: 'connecting', unsaved: 0 };
  #view: BoardView;

  constructor(deps: BoardConnectionDeps) {
    this.#deps = deps;
    this.#replica = this.#newReplica();
    this.#view = this.#viewNow();
    this.#connect();
  }

  get saveState(): SaveState {
    return this.#saveState;
  }

  get view(): BoardView {
    return this.#view;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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
    this.#edits.clear();
    this.#carried?.from.destroy();
    this.#carried = null;
    this.#replica.destroy();
    this.#replica = this.#newReplica();
    this.#failures = 0;
    this.#connect();
  }

  /** What was made here before the record was restored and the board does not say now. [CB-31] */
  lostEdits(): readonly LostEdit[] {
    return this.#aside.edits(this.#replica.doc);
  }

  /** The officer has seen them and wants no more of them. */
  dropLost(): void {
    this.#aside.clear();
    this.#changed();
  }

  /** Nobody is at the screen, but the same officer may be back: everything is kept, and nothing goes out. [CB-33] */
  park(): boolean {
    const line = this.#line;
    if (line.state === 'over' && !line.code.startsWith('session.')) return false;
    this.#flush();
    this.#hangUp();
    this.#replica.awareness.setLocalState(null);
    this.#replica.forgetOthers();
    this.#listeners.clear();
    return true;
  }

  /** There is something here that is nowhere else. */
  get holds(): boolean {
    return this.#edits.count > 0 || this.#carried !== null || !this.#aside.isEmpty;
  }

  /** Goes on where it was parked. */
  resume(): void {
    this.#failures = 0;
    this.#replica.awareness.setLocalState({});
    this.#connect();
  }

  /** Ends everything. What can be sent goes; whether it is saved will not be known. */
  leave(): void {
    this.#flush();
    this.#hangUp();
    this.#carried?.from.destroy();
    this.#aside.clear();
    this.#replica.destroy();
    this.#listeners.clear();
  }

  /** The unsaved edits in plain words and as one Yjs update (base64), for a file. */
  describeUnsaved(): { changes: Record<string, unknown>; update: string } {
    const carried = this.#carried;
    return {
      changes: {
        ...(carried ? describeTouched(carried.from.doc, carried.touched) : {}),
        ...describeTouched(this.#replica.doc, this.#edits.touched()),
      },
      update: base64(this.#edits.merged()),
    };
  }

  #connect(): void {
    this.#edits.startConnection();
    const socket = new BoardSocket(this.#deps.openSocket(this.#address(), [subprotocol]), this.#deps.clock, {
      opened: () => {
        socket.send(askState(this.#replica.stateVector()));
        socket.send(sendAwareness(this.#replica.ownPresence()));
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
        this.#answer(line);
        break;
      case 'state':
        this.#replica.applyState(message.update);
        this.#becomeCurrent(line);
        break;
      case 'update':
        this.#replica.applyState(message.update);
        break;
      case 'awareness':
        this.#replica.applyPresence(message.update);
        break;
      case 'ack':
        this.#edits.acknowledge(message.upTo);
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

  #becomeCurrent(line: Line & { state: 'up' }): void {
    line.current = true;
    this.#replica.shown = true;
    this.#failures = 0;
    this.#aside.compare(this.#replica.doc);
    const carried = this.#carried;
    if (!carried) return;
    this.#carried = null;
    carryOver(carried.from.doc, this.#replica.doc, carried.touched, this);
    carried.from.destroy();
  }

  /**
   * The hub asks what it lacks. Asked again, it has met a gap and passed over what was sent since: all that is not
   * acknowledged goes again, and the answer is owed even when it is empty.
   */
  #answer(line: Line & { state: 'up' }): void {
    const again = line.asked;
    line.asked = true;
    this.#edits.sendAgain();
    const update = this.#edits.takeUnsent();
    if (update) line.socket.send(sendState(update));
    else if (again) {
      this.#edits.countMessage();
      line.socket.send(sendState(nothing));
    }
    this.#flush();
  }

  /** One message, and one entry of the record, for what is typed in a moment. */
  #flushSoon(): void {
    this.#typing ??= this.#deps.clock.after(TYPING, () => this.#flush());
  }

  #flush(): void {
    this.#typing?.();
    this.#typing = null;
    const line = this.#line;
    if (line.state !== 'up' || !line.asked || !line.socket.open) return;
    for (;;) {
      const update = this.#edits.takeUnsent();
      if (!update) return;
      line.socket.send(sendUpdate(update));
    }
  }

  #closed(close: number, reason: string): void {
    const word = this.#line.state === 'up' ? this.#line.word : null;
    this.#replica.forgetOthers();
    const code = word ?? (isRefusalCode(reason) ? reason : codeOfFinalClose(close));
    if (!isFinalClose(close) || this.#readsOn(code)) this.#tryLater();
    else if (code === 'record.restored') this.#beginAgain();
    else if (code === 'update.foreign' && this.#restarts < MOST_RESTARTS) this.#restart();
    else this.#line = { state: 'over', code };
    this.#changed();
  }

  /** The operation was closed and nothing of this officer's is lost by it: the board goes on, to be read. [LC-8] */
  #readsOn(code: RefusalCode): boolean {
    return code === 'operation.closed' && this.#unsaved() === 0;
  }

  /** Somebody else was first with this client id: begin again under a new one and write the unsaved edits again. */
  #restart(): void {
    this.#restarts += 1;
    const from = this.#replica;
    if (this.#carried) from.destroy();
    else this.#carried = { from, touched: this.#edits.touched(), count: this.#edits.count };
    this.#edits.clear();
    this.#replica = this.#newReplica();
    this.#tryLater();
  }

  /** The record was restored: what this page holds of it is set aside whole, and the board is read as it is now. [CB-30] */
  #beginAgain(): void {
    const { from, touched } = this.#carried ?? {};
    if (from && touched) this.#aside.add(from, touched);
    this.#aside.add(this.#replica, this.#edits.everTouched());
    this.#carried = null;
    this.#life = null;
    this.#edits.clear();
    this.#replica = this.#newReplica();
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

  #newReplica(): BoardDocument {
    const replica: BoardDocument = new BoardDocument({
      edited: (update, transaction) => {
        if (replica !== this.#replica) return;
        if (isTyping(this.#edits.add(update, transaction))) this.#flushSoon();
        else this.#flush();
        this.#changed();
      },
      presence: (update) => {
        if (replica === this.#replica && this.#line.state === 'up')
          this.#line.socket.send(sendAwareness(update));
      },
    });
    return replica;
  }

  #changed(): void {
    const save = this.#saveStateNow();
    const view = this.#viewNow();
    const same = sameSaveState(save, this.#saveState);
    if (same && sameView(view, this.#view)) return;
    if (!same) this.#saveState = save;
    this.#view = view;
    for (const listener of this.#listeners) listener();
  }

  #saveStateNow(): SaveState {
    const first = this.#failures === 0 && !this.#replica.shown;
    return saveStateOf(this.#line, this.#unsaved(), first);
  }

  #unsaved(): number {
    return this.#edits.count + (this.#carried?.count ?? 0);
  }

  #viewNow(): BoardView {
    const { doc, awareness, shown } = this.#replica;
    return { doc, awareness, shown, aside: !this.#aside.isEmpty };
  }
}

function sameView(a: BoardView, b: BoardView): boolean {
  return a.doc === b.doc && a.shown === b.shown && a.aside === b.aside;
}
