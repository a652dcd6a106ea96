import type { EventKind } from '#shared/contracts/event-kinds.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';
import type { CommandId, CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import type { Author } from '#shared/record/entry.ts';

import type { Tx } from './storage/store.ts';

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
