import type { EntryOnWire, Frame, PresenceState, Present } from '#shared/contracts/rooms.ts';

/** Why a room ended for this reader. `operationId` `null` on the wire means the whole session. */
export type Ending = { readonly code: string; readonly sentence: string };

export type RoomStatus =
  | { readonly state: 'connecting' }
  | { readonly state: 'live' }
  | { readonly state: 'offline'; readonly since: number }
  | { readonly state: 'ended'; readonly ending: Ending }
  /** The record is shorter than what this page has of it: everything must be read again. */
  | { readonly state: 'restored' };

type EntryListener = (entries: readonly EntryOnWire[]) => void;

const KEPT = 2000;

/**
 * One operation as this page follows it. Entries arrive once, in order, without gaps. It also keeps the newest ones, so
 * that a reply whose `asOf` is older than what was already seen can be brought up to date. [RM-2]
 */
export class LiveRoom {
  readonly operationId: string;
  /** How many entries this page has: `since` on the next entering. */
  cursor: number;
  status: RoomStatus = { state: 'connecting' };
  present: readonly Present[] = [];
  said: PresenceState = { place: 'board', board: null, typing: false };
  #epoch: number | null;
  #kept: EntryOnWire[] = [];
  #keptFrom: number;
  readonly #changes = new Set<() => void>();
  readonly #entryListeners = new Set<EntryListener>();
  readonly #epochListeners = new Set<() => void>();

  constructor(operationId: string, asOf: number, epoch: number) {
    this.operationId = operationId;
    this.cursor = asOf;
    this.#keptFrom = asOf;
    this.#epoch = epoch;
  }

  /** False when entries are missing before this frame: enter again with the cursor. */
  take(frame: Frame): boolean {
    if (frame.from > this.cursor) return false;
    const fresh = frame.entries.filter((entry) => entry.seq >= this.cursor);
    this.cursor = Math.max(this.cursor, frame.to);
    this.#keep(fresh);
    if (fresh.length > 0) for (const listener of this.#entryListeners) listener(fresh);
    this.epochIs(frame.aclEpoch);
    this.#tell();
    return true;
  }

  epochIs(epoch: number): void {
    if (this.#epoch === epoch) return;
    this.#epoch = epoch;
    for (const listener of this.#epochListeners) listener();
  }

  /** Entries from `asOf` on that were already delivered; `null` when so many came since that only a new reading helps. */
  deliveredSince(asOf: number): readonly EntryOnWire[] | null {
    if (asOf < this.#keptFrom && this.cursor > asOf) return null;
    return this.#kept.filter((entry) => entry.seq >= asOf);
  }

  moveTo(status: RoomStatus): void {
    this.status = status;
    if (status.state !== 'connecting' && status.state !== 'live') this.present = [];
    this.#tell();
  }

  showPresent(present: readonly Present[]): void {
    this.present = present;
    this.#tell();
  }

  onEntries(listener: EntryListener): () => void {
    this.#entryListeners.add(listener);
    return () => this.#entryListeners.delete(listener);
  }

  onEpoch(listener: () => void): () => void {
    this.#epochListeners.add(listener);
    return () => this.#epochListeners.delete(listener);
  }

  readonly onChange = (listener: () => void): (() => void) => {
    this.#changes.add(listener);
    return () => this.#changes.delete(listener);
  };

  #keep(entries: readonly EntryOnWire[]): void {
    this.#kept.push(...entries);
    if (this.#kept.length <= KEPT) return;
    const dropped = this.#kept.splice(0, this.#kept.length - KEPT);
    this.#keptFrom = (dropped.at(-1)?.seq ?? this.#keptFrom) + 1;
  }

  #tell(): void {
    for (const listener of this.#changes) listener();
  }
}
