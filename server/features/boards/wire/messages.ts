import * as encoding from 'lib0/encoding';

import type { RefusalCode } from '#shared/kernel/refusals.ts';

import { boardEngineLimits as limits } from '../limits.ts';
import { Malformed, parsed, StrictReader } from './strict-reader.ts';

/** WebSocket subprotocol by which a client asks for acknowledgements. [BD-5] */
export const boardProtocol = 'muster-board.1';

/** Message types of y-websocket, and ours from 100 on. */
const types = {
  sync: 0,
  presence: 1,
  askPresence: 3,
  acknowledge: 100,
  reject: 101,
  epoch: 102,
  receipt: 103,
} as const;
const steps = { ask: 0, answer: 1, update: 2 } as const;

export type ClientMessage =
  /** "I have this; what am I missing?" */
  | { readonly kind: 'ask'; readonly vector: Uint8Array }
  /** A change, or the answer to the hub's own question (`answer`), which may be large and may hold nothing new. */
  | { readonly kind: 'edit'; readonly update: Uint8Array; readonly answer: boolean }
  | { readonly kind: 'presence'; readonly states: readonly PresenceEntry[] }
  | { readonly kind: 'ask-presence' };

/** `state` is JSON; `null` inside it means gone. */
export type PresenceEntry = { readonly client: number; readonly clock: number; readonly state: string };
export const gone = 'null';

/** One frame holds one message and nothing behind it; `null` for anything else. [BD-8] */
export function readClientMessage(frame: Uint8Array): ClientMessage | null {
  return parsed(() => {
    const reader = new StrictReader(frame);
    const message = readOne(reader);
    reader.end();
    return message;
  });
}

function readOne(reader: StrictReader): ClientMessage {
  switch (reader.uint()) {
    case types.sync:
      return readSync(reader);
    case types.presence:
      return { kind: 'presence', states: readPresence(reader.bytes()) };
    case types.askPresence:
      return { kind: 'ask-presence' };
    default:
      throw new Malformed('an unknown message');
  }
}

function readSync(reader: StrictReader): ClientMessage {
  switch (reader.uint()) {
    case steps.ask: {
      const vector = reader.bytes();
      checkVector(vector);
      return { kind: 'ask', vector };
    }
    case steps.answer:
      return { kind: 'edit', update: reader.bytes(), answer: true };
    case steps.update:
      return { kind: 'edit', update: reader.bytes(), answer: false };
    default:
      throw new Malformed('an unknown step');
  }
}

function checkVector(bytes: Uint8Array): void {
  const reader = new StrictReader(bytes);
  for (let left = reader.uint(); left > 0; left--) {
    reader.uint();
    reader.uint();
  }
  reader.end();
}

function readPresence(bytes: Uint8Array): PresenceEntry[] {
  const reader = new StrictReader(bytes);
  const entries: PresenceEntry[] = [];
  const seen = new Set<number>();
  for (let left = reader.uint(); left > 0; left--) {
    const client = reader.uint();
    if (seen.has(client) || seen.size === limits.presenceStates) throw new Malformed('too many states');
    seen.add(client);
    entries.push({ client, clock: reader.uint(), state: reader.text() });
  }
  reader.end();
  return entries;
}

function frame(write: (encoder: encoding.Encoder) => void): Uint8Array {
  return encoding.encode(write);
}

function sync(step: number, bytes: Uint8Array): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, types.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

export function askFrame(vector: Uint8Array): Uint8Array {
  return sync(steps.ask, vector);
}

export function answerFrame(update: Uint8Array): Uint8Array {
  return sync(steps.answer, update);
}

export function updateFrame(update: Uint8Array): Uint8Array {
  return sync(steps.update, update);
}

export function presenceFrame(entries: readonly PresenceEntry[]): Uint8Array {
  const body = frame((encoder) => {
    encoding.writeVarUint(encoder, entries.length);
    for (const { client, clock, state } of entries) {
      encoding.writeVarUint(encoder, client);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, state);
    }
  });
  return frame((encoder) => {
    encoding.writeVarUint(encoder, types.presence);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** `clientSeq`: changes and answers received from this client, all of them on the record; `docSeq`: the newest entry. */
export function acknowledgeFrame(clientSeq: number, docSeq: number): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, types.acknowledge);
    encoding.writeVarUint(encoder, clientSeq);
    encoding.writeVarUint(encoder, docSeq);
  });
}

export function rejectFrame(code: RefusalCode): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, types.reject);
    encoding.writeVarString(encoder, code);
  });
}

/** In which life of the record the board was opened, and how many entries it has: the first frame. [BD-33] */
export function epochFrame(docEpoch: string, head: number): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, types.epoch);
    encoding.writeVarString(encoder, docEpoch);
    encoding.writeVarUint(encoder, head);
  });
}

/** A receipt note for changes of this socket, as text. */
export function receiptFrame(note: string): Uint8Array {
  return frame((encoder) => {
    encoding.writeVarUint(encoder, types.receipt);
    encoding.writeVarString(encoder, note);
  });
}
