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

/** What stands or falls with an append in the same statement. */
export type Beside = {
  /** Must give exactly `count` rows, and locks them, before anything is written. */
  readonly hold: { readonly rows: RawBuilder<unknown>; readonly count: number };
  /** Nothing is written where this holds; it sees all that is on the record below. */
  readonly unless: RawBuilder<unknown>;
  /** A writing statement; may read `entered (seq)`. */
  readonly write: RawBuilder<unknown>;
  /** One number, as it was below the entries. */
  readonly ask: RawBuilder<unknown>;
};

/** An append made ready for where the record is believed to be. */
export type AtOnce = {
  /** Where it will come to stand. */
  readonly recorded: readonly Recorded[];
  /** One statement. `null`, and nothing written: the record, the epoch or what is held was not as believed. */
  run(tx: Tx): Promise<{ readonly asked: number } | null>;
};

/** The same as `Append` in one round trip, when it goes well; `null` when nothing is believed. Then: `Append`. [RC-28] */
export type AppendAtOnce = (to: AppendTo, beside: Beside) => AtOnce | null;

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
