import { z } from 'zod';

import { anyJson, compartmentId, cursor, inOperation, person } from './common.ts';

/** An entry as a reader who may see it receives it. */
export const entryOnWire = z.object({
  seq: z.number().int(),
  at: z.string(),
  kind: z.string(),
  verb: z.string(),
  by: person.nullable(),
  byKind: z.string(),
  country: z.string().nullable(),
  object: z.object({ kind: z.string(), id: z.string() }).nullable(),
  outcome: z.enum(['ok', 'refused']),
  compartment: compartmentId.nullable(),
  /** The content when it is JSON; `null` for board changes, purged content and none. */
  body: anyJson,
  /** Length of the content in bytes. */
  size: z.number().int(),
  leafHash: z.string(),
});
export type EntryOnWire = z.output<typeof entryOnWire>;

/** Everything the reader may see in `from ≤ seq < to`, nothing else. A new `aclEpoch` means: fetch again. [RM-2] */
export const frame = z.object({
  operationId: z.string(),
  aclEpoch: z.number().int(),
  from: cursor,
  to: cursor,
  entries: z.array(entryOnWire),
});
export type Frame = z.output<typeof frame>;

export const enterRoom = z.object({ ...inOperation, since: cursor });
export const leaveRoom = z.object({ ...inOperation });

/** What an officer is doing; never stored. */
export const presenceState = z.object({
  place: z.enum(['board', 'chat', 'register', 'review', 'people']),
  board: z.string().nullable(),
  typing: z.boolean(),
});
export type PresenceState = z.output<typeof presenceState>;
export const sayPresence = z.object({ ...inOperation, state: presenceState });

export const present = z.object({ person, state: presenceState, since: z.string() });
export type Present = z.output<typeof present>;

export const socketCall = z.object({ name: z.string().max(60), input: z.unknown() });

export type RefusalOnWire = {
  code: string;
  sentence: string;
  where?: string;
  what?: string;
  retryAfter?: number;
  id?: string;
};
export type Answer<T> = { ok: true; reply: T } | { ok: false; refusal: RefusalOnWire };

/** `receipts` when the visit is a new one. */
export type Entered = {
  readonly aclEpoch: number;
  readonly head: number;
  readonly receipts?: readonly string[];
};

/** What the client sends over Socket.IO. Every event is answered. */
export type ClientToServer = {
  'room.enter': (input: unknown, answer: (reply: Answer<Entered>) => void) => void;
  'room.leave': (input: unknown, answer: (reply: Answer<Record<string, never>>) => void) => void;
  presence: (input: unknown, answer: (reply: Answer<Record<string, never>>) => void) => void;
  call: (input: unknown, answer: (reply: Answer<unknown>) => void) => void;
};

/** What the hub sends. */
export type ServerToClient = {
  frame: (frame: Frame) => void;
  presence: (input: { operationId: string; present: Present[] }) => void;
  /** The officer's access to one operation, or to the hub, is over. */
  ended: (input: { operationId: string | null; code: string; sentence: string }) => void;
};
