import type { EventKind } from '#shared/contracts/event-kinds.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { Millis } from '#shared/kernel/clock.ts';
import type { CommandId, CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import type { Author } from '#shared/record/entry.ts';

import type { RawBuilder, Tx } from './storage/store.ts';

/** A record: the hub's own, or that of one operation. */
export type LogId = 'hub' | OperationId;

/** One act, to become one entry. */
export type Fact = {
  readonly kind: EventKind;
  readonly by: Author;
  readonly object: { readonly kind: string; readonly id: string } | null;
  readonly compartment: CompartmentId | null;
  readonly outcome: 'ok' | 'refused';
  readonly command: CommandId | null;
  /** JSON is stored canonically; bytes as they are; `null` commits to nothing. Never a secret. */
  readonly body: Json | Uint8Array;
};

/** Receipts, as notes, for entries of one record that are committed, as of the time `at`. [RC-14] */
export type SignReceipts = (log: LogId, recorded: readonly Recorded[], at: Millis) => string[];

export type Recorded = { readonly seq: number; readonly leafHash: Uint8Array };

export type AppendTo = {
  readonly log: LogId;
  /** The epoch under which the acts were authorised; `null` where rights are not by epoch (the hub's record, the hub's own acts). */
  readonly epoch: number | null;
  /** Moves the epoch on: everything authorised before is authorised no more. */
  readonly movesEpoch?: boolean;
  readonly facts: readonly Fact[];
};

/**
 * Durable once `tx` commits; numbered without gaps. Takes the record's row lock: call it last in a transaction,
 * operations in id order, the hub after them. Throws `EpochMoved` when the epoch is not the expected one. [RC-28] [RC-29]
 */
export type Append = (tx: Tx, to: AppendTo) => Promise<Recorded[]>;

/** What stands or falls with appends in the same statement. */
export type Beside = {
  /** Selects what has to hold still, and locks it; waits for nobody. */
  readonly hold: RawBuilder<unknown>;
  /** The records that must not be written, as `(log_id)`; may read `held`, and sees all that is on the records below. */
  readonly barred: RawBuilder<unknown>;
  /** A writing statement; may read `moved (id)`, the records that are written. */
  readonly write: RawBuilder<unknown>;
  /** `(log_id, place, asked)` for each append, by its place in what was given: a number, as it was below the entries. */
  readonly ask: RawBuilder<unknown>;
};

/** Appends made ready for where their records are believed to be. */
export type Together = {
  /** Of each append, where it will come to stand. */
  readonly recorded: readonly (readonly Recorded[])[];
  /**
   * One statement. What was asked of each append that stands, by its place; of a record, all stand or none. Nothing is written to a
   * record that was not as believed, or is barred, or that somebody else is writing at the moment.
   */
  run(tx: Tx): Promise<ReadonlyMap<number, number>>;
};

/** Appends to several records in one round trip, when it goes well; whatever does not: `Append`. [RC-28] docs/decisions/0014 */
export type AppendTogether = {
  /** Enough is believed of the record, and it is under this epoch. */
  believes(to: Pick<AppendTo, 'log' | 'epoch'>): boolean;
  /** Only of records that are believed so. */
  prepare(
    appends: readonly AppendTo[],
    beside: (recorded: readonly (readonly Recorded[])[]) => Beside,
  ): Together;
};

/** Rights have changed since the act was authorised: ask the gate again. */
export class EpochMoved extends Error {
  constructor() {
    super('rights have changed since this was authorised');
    this.name = 'EpochMoved';
  }
}

/** Tells this node and the others that `log` has grown, after the commit. Loss, repeats and reordering do no harm. */
export type Announce = (hint: Hint) => void;
export type Hint = {
  readonly log: LogId;
  readonly from: number;
  readonly to: number;
  readonly epoch: number | null;
  /** All of it are changes of boards, which travel on the boards' own sockets. */
  readonly boardsOnly?: boolean;
};
