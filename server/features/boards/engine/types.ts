import type { Admit, HeldSessions, HoldSessions, NoteDenial, Session } from '#server/platform/access.ts';
import type { Bus } from '#server/platform/bus/bus.ts';
import type { Announce, Append, AppendTogether, Hint, LogId, SignReceipts } from '#server/platform/facts.ts';
import type { Store } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { BoardId, CompartmentId, OfficerId, OperationId } from '#shared/kernel/ids.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';

import type { StateBuilder } from './checkpoints/on-worker.ts';

/** As pino has it. */
export type EngineLog = {
  info(about: object, text: string): void;
  warn(about: object, text: string): void;
  error(about: object, text: string): void;
};

/** Read by telemetry; only ever grows. */
export type BoardCounters = {
  commits: number;
  /** By which boards were committed together. */
  statements: number;
  edits: number;
  refusals: number;
  discards: number;
  gapsHealed: number;
  stale: number;
  /** Officers of silent nodes, taken off a board. */
  ghosts: number;
};

export type BoardGauges = {
  readonly boards: number;
  /** Of the record, that the open boards are made of. */
  readonly bytes: number;
  readonly sockets: number;
  /** Sockets that are behind because they do not read. */
  readonly stale: number;
  /** Changes that wait for a commit. */
  readonly inbox: number;
  /** Batches that wait for the statement under way. */
  readonly gathered: number;
  /** Boards of which the record has more than this node. */
  readonly behind: number;
};

/** What is measured, in milliseconds. Told to whoever keeps figures; the engine itself keeps none. */
export type Timing =
  /** From the arrival of a change to its commit. */
  | 'commit'
  /** From the commit of a batch to its having been written to every socket of this node. */
  | 'broadcast'
  | 'load'
  | 'checkpoint'
  /** From hearing that rights moved to the socket being closed. */
  | 'revocation';
export type Meters = {
  took(what: Timing, milliseconds: number): void;
  refused(code: RefusalCode): void;
};

export type EngineDeps = {
  readonly store: Store;
  readonly append: Append;
  readonly appendTogether: AppendTogether;
  readonly holdSessions: HoldSessions;
  readonly heldSessions: HeldSessions;
  readonly admit: Admit;
  readonly announce: Announce;
  /** Hears every hint about `log`, this node's own too: maybe twice, maybe out of order, maybe with a gap. */
  readonly follow: (log: LogId, listener: (hint: Hint) => void) => () => void;
  readonly bus: Bus;
  /** Names this process among the nodes. */
  readonly node: string;
  /** Makes checkpoints off this thread. */
  readonly states: StateBuilder;
  readonly meters: Meters;
  readonly clock: Clock;
  readonly log: EngineLog;
  readonly noteDenial: NoteDenial;
  /** Calls `onEnd` once when the session is over; the returned function ends the watch. */
  readonly watchSession: (session: Session, onEnd: () => void) => () => void;
  /** A socket of this officer was refused for what it sent: they come again more slowly. [BD-46] */
  readonly penalise: (officer: OfficerId) => void;
  /** The officer changed something: the session is not idle. */
  readonly touchSession: (session: Session) => void;
  /** Notes for entries of one record that are committed. */
  readonly signReceipts: SignReceipts;
};

/** Where a board is. */
export type BoardPlace = {
  readonly operation: OperationId;
  readonly board: BoardId;
  readonly compartment: CompartmentId;
};

/** One life of a record: `docEpoch` is another one after its end was cut off, `head` how many entries it has. [BD-32] */
export type RecordLife = { readonly docEpoch: string; readonly head: number };

/** What a client says it has seen of a record; what it leaves out is not held against it. [BD-33] */
export type SeenLife = { readonly docEpoch?: string; readonly head?: number };
