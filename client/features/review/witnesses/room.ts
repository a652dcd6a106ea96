import type { OperationId } from '#shared/kernel/ids.ts';
import type { Actor } from '#shared/policy/can.ts';

/** What the witnesses' part needs to know of the room it stands in. */
export type Room = {
  readonly operationId: OperationId;
  readonly name: string;
  /** Origin of the operation's record: the name its key must carry. */
  readonly origin: string;
  readonly actor: Actor;
  /** Code of the reader's own desk. */
  readonly desk: string;
};
