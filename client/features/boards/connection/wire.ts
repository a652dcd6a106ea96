import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** The WebSocket subprotocol that asks the hub for acknowledgements. docs/protocol/boards.md */
export const subprotocol = 'muster-board.1';

const SYNC = 0;
const AWARENESS = 1;
const ACK = 100;
const REJECT = 101;
const EPOCH = 102;
const RECEIPT = 103;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;

/** Which life of the record, and how many of its entries the hub had: named again when this page comes again. [CB-32] */
export type Life = { readonly docEpoch: string; readonly head: number };

/** One frame from the hub. `unknown` is a frame of a later hub: passed over. */
export type Incoming =
  | { readonly type: 'ask' }
  | { readonly type: 'state' | 'update'; readonly update: Uint8Array }
  | { readonly type: 'awareness'; readonly update: Uint8Array }
  | { readonly type: 'ack'; readonly upTo: number; readonly newest: number }
  | { readonly type: 'reject'; readonly code: string }
  | { readonly type: 'epoch'; readonly life: Life }
  /** A receipt note for changes of this connection. */
  | { readonly type: 'receipt'; readonly note: string }
  | { readonly type: 'unknown' };

/** `null` when the frame cannot be read. */
export function readFrame(bytes: Uint8Array): Incoming | null {
  const decoder = decoding.createDecoder(bytes);
  try {
    return readMessage(decoder);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

function readMessage(decoder: decoding.Decoder): Incoming | null {
  switch (decoding.readVarUint(decoder)) {
    case SYNC:
      return readSync(decoder);
    case AWARENESS:
      return { type: 'awareness', update: decoding.readVarUint8Array(decoder) };
    case ACK:
      return { type: 'ack', upTo: decoding.readVarUint(decoder), newest: decoding.readVarUint(decoder) };
    case REJECT:
      return { type: 'reject', code: decoding.readVarString(decoder) };
    case EPOCH: {
      const docEpoch = decoding.readVarString(decoder);
      return { type: 'epoch', life: { docEpoch, head: decoding.readVarUint(decoder) } };
    }
    case RECEIPT:
      return { type: 'receipt', note: decoding.readVarString(decoder) };
    default:
      return { type: 'unknown' };
  }
}

function readSync(decoder: decoding.Decoder): Incoming | null {
  const step = decoding.readVarUint(decoder);
  const bytes = decoding.readVarUint8Array(decoder);
  if (step === STEP_1) return { type: 'ask' };
  if (step === STEP_2) return { type: 'state', update: bytes };
  return step === UPDATE ? { type: 'update', update: bytes } : null;
}

export function askState(stateVector: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame([SYNC, STEP_1], stateVector);
}

/** What the hub does not have yet, in answer to its question. */
export function sendState(update: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame([SYNC, STEP_2], update);
}

export function sendUpdate(update: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame([SYNC, UPDATE], update);
}

export function sendAwareness(update: Uint8Array): Uint8Array<ArrayBuffer> {
  return frame([AWARENESS], update);
}

function frame(types: readonly number[], bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  for (const type of types) encoding.writeVarUint(encoder, type);
  encoding.writeVarUint8Array(encoder, bytes);
  return new Uint8Array(encoding.toUint8Array(encoder));
}
