import type { RawData } from 'ws';

import type { RefusalCode } from '#shared/kernel/refusals.ts';

import { boardEngineLimits as limits } from '../limits.ts';
import { readClientMessage } from '../wire/messages.ts';
import { scanUpdate } from '../wire/scan-update.ts';
import type { BoardActor } from './board-actor.ts';
import type { BoardSocket } from './sockets/board-socket.ts';

/** One frame of a client, read and handed on. The code of the refusal when it must go. [BD-8] */
export function hear(
  actor: BoardActor,
  socket: BoardSocket,
  frame: { readonly data: RawData; readonly isBinary: boolean },
): RefusalCode | null {
  if (!socket.isOpen) return null;
  const bytes = bytesOf(frame.data);
  socket.heard(bytes?.length ?? 0);
  if (!frame.isBinary || bytes === null) return 'bad.frame';
  const message = readClientMessage(bytes);
  if (message === null) return 'bad.frame';
  switch (message.kind) {
    case 'ask':
      socket.asks();
      actor.ask(socket, message.vector);
      return null;
    case 'ask-presence':
      actor.presence.show(socket);
      return null;
    case 'presence': {
      const officer = socket.pass.session.officer;
      const mine = (client: number) => (actor.state.owners.get(client) ?? officer) === officer;
      return actor.presence.hear(socket, message.states, mine) ? null : 'bad.frame';
    }
    case 'edit': {
      const { update, answer } = message;
      if (!answer && update.length > limits.update) return 'too.large';
      const scan = scanUpdate(update);
      if (scan === null) return 'update.invalid';
      const at = socket.arrived(bytes.length);
      actor.edit({ socket, update, scan, answer, number: socket.received, at });
      return null;
    }
  }
}

function bytesOf(data: RawData): Uint8Array | null {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** What it is on the record when a client breaks the rules of WebSocket itself; null when the line failed. [BD-45] */
export function codeOfBroken(error: Error): RefusalCode | null {
  const code: unknown = Reflect.get(error, 'code');
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH')
    return 'too.large';
  return typeof code === 'string' && code.startsWith('WS_ERR_') ? 'bad.frame' : null;
}
