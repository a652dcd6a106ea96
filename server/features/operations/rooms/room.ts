import { peopleById } from '#server/features/identity/index.ts';
import type { Admit, RoomPass } from '#server/platform/access.ts';
import type { Hint } from '#server/platform/facts.ts';
import { backlogOf } from '#server/platform/realtime/backlog.ts';
import type { HubSocket } from '#server/platform/realtime/sockets.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { headOf, readForDelivery, type StoredEntry } from '#server/record/read.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { Refusal } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { endsReading } from '#shared/policy/lifecycle.ts';
import { maySee, type Reader } from '#shared/policy/visibility.ts';

import { presentEntry } from './presenter.ts';

export type RoomDeps = {
  readonly store: Store;
  readonly admit: Admit;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

/** One officer's socket in the room. `delivered` counts the entries it has, or may not see. */
type Follower = {
  readonly socket: HubSocket;
  pass: RoomPass;
  delivered: number;
  sending: boolean;
  /** Left behind because it reads too slowly; goes on when the network has taken what waits. */
  behind: boolean;
  /** Ends listening to the socket's own queue. */
  readonly unlisten: () => void;
};

/** Says nothing about the follower's rights: it may come again at once. */
const ofTheHub: ReadonlySet<RefusalCode> = new Set(['store.unavailable', 'record.restored']);
const PAGE = 500;
/** Frames to one room are at least this far apart; a single act after a pause goes out at once. */
const PACE = 40;
/** The same while boards alone have changed: their changes are in no frame, only the cursor moves. */
const BOARDS_PACE = 1_000;
/** What waits in a slow socket beyond which it is left behind and brought up to date from the record later. */
const BACKLOG = { packets: 64, bytes: 1024 * 1024 };

/**
 * Live delivery of one operation on this node: reads the record, and sends each follower what they may see, in order.
 * Everything goes by `delivered`, so a lost hint, a slow reader and a reconnect are the same case. [RM-1] [RM-3]
 */
export class Room {
  readonly #followers = new Map<string, Follower>();
  #head = 0;
  #epoch = 0;
  #paced: { readonly due: number; readonly cancel: () => void } | null = null;
  #lastSent = 0;

  readonly operation: OperationId;
  readonly deps: RoomDeps;

  constructor(operation: OperationId, deps: RoomDeps) {
    this.operation = operation;
    this.deps = deps;
  }

  get empty(): boolean {
    return this.#followers.size === 0;
  }

  people(): { socket: HubSocket; pass: RoomPass }[] {
    return [...this.#followers.values()];
  }

  passOf(socket: HubSocket): RoomPass | null {
    return this.#followers.get(socket.id)?.pass ?? null;
  }

  /** Joins, and sends everything since `since` that this reader may see. Resolves before it is all sent. */
  enter(socket: HubSocket, pass: RoomPass, since: number): void {
    this.leave(socket.id);
    const { transport } = socket.conn;
    // The engine's own `drain` says that the transport has taken packets, this that the system has.
    const onReady = () => {
      if (follower.behind) this.#bringUpToDate(follower);
    };
    const unlisten = () => transport.off('ready', onReady);
    const start = { delivered: since, sending: false, behind: false };
    const follower: Follower = { socket, pass, ...start, unlisten };
    this.#followers.set(socket.id, follower);
    this.#epoch = Math.max(this.#epoch, pass.aclEpoch);
    transport.on('ready', onReady);
    this.#bringUpToDate(follower);
  }

  leave(socketId: string): void {
    this.#followers.get(socketId)?.unlisten();
    this.#followers.delete(socketId);
  }

  onHint(hint: Hint): void {
    if (hint.epoch !== null && hint.epoch > this.#epoch) {
      this.#epoch = hint.epoch;
      void this.#askGateAgain();
    }
    if (hint.to <= this.#head) return;
    this.#head = hint.to;
    this.#pace(hint.boardsOnly === true ? BOARDS_PACE : PACE);
  }

  stop(): void {
    this.#paced?.cancel();
    this.#followers.clear();
  }

  #pace(pace: number): void {
    const { clock } = this.deps;
    const due = this.#lastSent + pace;
    if (this.#paced !== null && this.#paced.due <= due) return;
    this.#paced?.cancel();
    this.#paced = null;
    const send = () => {
      this.#paced = null;
      this.#lastSent = clock.now();
      for (const follower of this.#followers.values()) this.#bringUpToDate(follower);
    };
    const wait = due - clock.now();
    if (wait <= 0) send();
    else this.#paced = { due, cancel: clock.after(wait, send) };
  }

  /** Rights have moved: each follower goes through the gate again, and out of the room if it refuses. [AC-7] */
  async #askGateAgain(): Promise<void> {
    for (const follower of [...this.#followers.values()])
      if (await this.#admitAgain(follower)) this.#bringUpToDate(follower);
  }

  async #admitAgain(follower: Follower): Promise<boolean> {
    try {
      follower.pass = await this.deps.admit(follower.pass.session, this.operation, 'operation.enter');
      return true;
    } catch (error) {
      if (!(error instanceof Refusal)) this.deps.onError(error);
      this.#sendAway(follower, error);
      return false;
    }
  }

  #sendAway(follower: Follower, error: unknown): void {
    if (!this.#followers.has(follower.socket.id)) return;
    this.leave(follower.socket.id);
    const asItIs = error instanceof Refusal && (ofTheHub.has(error.code) || endsReading(error.code));
    const refusal = asItIs ? error : new Refusal('membership.ended');
    follower.socket.emit('ended', {
      operationId: this.operation,
      code: refusal.code,
      sentence: refusal.message,
    });
    follower.socket.disconnect(true);
  }

  /** The record has fewer entries than were sent: whoever has more than these reads everything again. [RM-10] */
  #wasCut(head: number): void {
    this.#head = head;
    for (const follower of [...this.#followers.values()])
      if (follower.delivered > head) this.#sendAway(follower, new Refusal('record.restored'));
  }

  #bringUpToDate(follower: Follower): void {
    if (follower.sending) return;
    follower.sending = true;
    this.#sendAll(follower)
      .catch(this.deps.onError)
      .finally(() => {
        follower.sending = false;
      });
  }

  async #sendAll(follower: Follower): Promise<void> {
    let looked = false;
    while (this.#followers.get(follower.socket.id) === follower) {
      follower.behind = tooSlow(follower.socket);
      if (follower.behind) return;
      const page = await shared(this, follower.delivered);
      const { pass } = follower;
      if (this.#followers.get(follower.socket.id) !== follower) return;
      if (page.head < follower.delivered) return this.#wasCut(page.head);
      // Sent only under the epoch the pass was minted for; a newer one asks the gate first. [RM-2]
      if (page.epoch < pass.aclEpoch) continue;
      if (page.epoch > pass.aclEpoch) {
        if (page.epoch > this.#epoch) {
          this.onHint({ log: this.operation, from: page.to, to: page.to, epoch: page.epoch });
          return;
        }
        // The others were asked while this one was on its way in.
        if (!(await this.#admitAgain(follower))) return;
        continue;
      }
      this.#head = Math.max(this.#head, page.head);
      if (page.to <= follower.delivered) {
        // A hint that came during the reading speaks of more: one more look, begun after it, finds that or never will.
        if (looked) this.#head = page.head;
        if (page.head >= this.#head) return;
        looked = true;
        continue;
      }
      looked = false;
      follower.socket.emit('frame', {
        operationId: this.operation,
        aclEpoch: page.epoch,
        from: follower.delivered,
        to: page.to,
        entries: visibleTo(pass, page),
      });
      follower.delivered = page.to;
    }
  }
}

type Page = {
  from: number;
  to: number;
  head: number;
  epoch: number;
  stored: StoredEntry[];
  wire: EntryOnWire[];
};
const reading = new WeakMap<Room, Map<number, Promise<Page>>>();

/** Followers at the same position share one read of the record. */
function shared(room: Room, from: number): Promise<Page> {
  const reads = reading.get(room) ?? new Map<number, Promise<Page>>();
  reading.set(room, reads);
  const under = reads.get(from);
  if (under !== undefined) return under;
  const read = readPage(room, from).finally(() => reads.delete(from));
  reads.set(from, read);
  return read;
}

async function readPage({ deps, operation }: Room, from: number): Promise<Page> {
  return deps.store.read(async (tx) => {
    const log = await headOf(tx, operation);
    const head = log?.head ?? 0;
    const stored = await readForDelivery(tx, operation, { from, to: head, limit: PAGE });
    const last = stored.at(-1);
    const to = stored.length === PAGE && last !== undefined ? last.seq + 1 : head;
    const people = await peopleById(
      tx,
      stored.flatMap(({ officer_id }) => officer_id ?? []),
    );
    return {
      from,
      to,
      head,
      epoch: log?.epoch ?? 0,
      stored,
      wire: stored.map((entry) => presentEntry(entry, people)),
    };
  });
}

function visibleTo(pass: RoomPass, page: Page): EntryOnWire[] {
  const reader: Reader = { officer: pass.session.officer, compartments: pass.compartments };
  return page.wire.filter((_entry, at) => {
    const stored = page.stored[at];
    return (
      stored !== undefined && maySee(reader, { compartment: stored.compartment_id, by: stored.officer_id })
    );
  });
}

function tooSlow(socket: HubSocket): boolean {
  const { packets, bytes } = backlogOf(socket.conn);
  return packets > BACKLOG.packets || bytes > BACKLOG.bytes;
}
