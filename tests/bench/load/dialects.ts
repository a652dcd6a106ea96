import * as encoding from 'lib0/encoding';

/** How a system is spoken to. All speak the sync protocol of y-protocols; they differ in what stands around it. */
export type Dialect = 'relay' | 'y-websocket' | 'hocuspocus' | 'muster';

/** A board of the system under test, and under whose name to open it. */
export type Seat = {
  /** Path of the WebSocket. */
  readonly path: string;
  /** Name of the document, where the protocol says it in every message. */
  readonly name: string;
  readonly cookie: string | null;
};

export const types = { sync: 0, presence: 1, syncReply: 4, syncStatus: 8, acknowledge: 100 } as const;
export const steps = { ask: 0, answer: 1, update: 2 } as const;

/** What stands before every message. */
export function prefixOf(dialect: Dialect, seat: Seat): Uint8Array {
  return dialect === 'hocuspocus'
    ? encoding.encode((encoder) => encoding.writeVarString(encoder, seat.name))
    : new Uint8Array();
}

/** Said once the socket is open: who one is, where the protocol wants it, and what one has, which is nothing. */
export function greetings(dialect: Dialect): Uint8Array[] {
  if (dialect === 'relay') return [];
  const ask = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, types.sync);
    encoding.writeVarUint(encoder, steps.ask);
    encoding.writeVarUint8Array(encoder, new Uint8Array([0]));
  });
  return dialect === 'hocuspocus' ? [token(), ask] : [ask];
}

function token(): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 2);
    encoding.writeVarUint(encoder, 0);
    encoding.writeVarString(encoder, 'bench');
    encoding.writeVarString(encoder, '4.7.0');
  });
}

export function syncMessage(step: number, bytes: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, types.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });
}

/** One presence entry. */
export function presenceMessage(client: number, clock: number, state: object): Uint8Array {
  const body = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
  });
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, types.presence);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** The update that holds nothing. */
export const nothing = new Uint8Array([0, 0]);
