import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

import type { Session } from '#server/platform/access.ts';
import { Seats } from '#server/platform/realtime/seats.ts';
import { isConnectionLoss } from '#server/platform/storage/store.ts';
import { Refusal, refuse } from '#shared/kernel/failures.ts';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';
import { type RefusalCode, refusals } from '#shared/kernel/refusals.ts';

import type { BoardEngine } from './engine/board-engine.ts';
import type { EngineLog, SeenLife } from './engine/types.ts';
import { boardEngineLimits as limits, boardEngineTimes as times } from './limits.ts';
import { boardProtocol } from './wire/messages.ts';

/** Apart from the call, because the published types lack three of them. */
const bounds = {
  maxPayload: limits.frame,
  maxBufferedChunks: limits.chunks,
  maxFragments: limits.fragments,
  closeTimeout: times.closing,
};

export type BoardUpgrade = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly session: Session;
  readonly path: { readonly operation: OperationId; readonly board: BoardId };
};

/**
 * Takes over upgrades of `/y/{operationId}/{boardId}` once Origin and cookie have been checked. A refusal completes
 * the handshake and closes at once, because a browser tells a page the close code and no HTTP status. [BD-13]
 */
export function attachBoards(engine: BoardEngine, log: EngineLog): (upgrade: BoardUpgrade) => Promise<void> {
  const server = new WebSocketServer({
    ...bounds,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(boardProtocol) ? boardProtocol : false),
  });
  const seats = new Seats(limits.socketsPerOfficer);
  return async function handleUpgrade({ request, socket, head, session, path }) {
    const hungUp = () => socket.destroy();
    socket.on('error', hungUp);
    const complete = (then: (ws: WebSocket) => void) => {
      socket.removeListener('error', hungUp);
      if (!socket.destroyed) server.handleUpgrade(request, socket, head, then);
    };
    try {
      seats.take(session.officer, socket);
      const admitted = await engine.admit(session, path, seenIn(request.url ?? ''));
      complete((ws) => engine.serve(ws, admitted, socket));
    } catch (error) {
      if (!(error instanceof Refusal)) log.error({ err: error }, 'a board could not be opened');
      complete((ws) => sendAway(ws, codeOf(error)));
    }
  };
}

function codeOf(error: unknown): RefusalCode {
  if (error instanceof Refusal) return error.code;
  return isConnectionLoss(error) ? 'store.unavailable' : 'internal';
}

function sendAway(ws: WebSocket, code: RefusalCode): void {
  ws.on('error', () => ws.terminate());
  ws.close(refusals[code].close, code);
}

const seenLife = z.object({
  epoch: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .optional(),
  head: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,15})$/)
    .transform(Number)
    .optional(),
});

/** `?epoch=…&head=…`: what a client that comes again has seen of the record. [BD-33] */
function seenIn(url: string): SeenLife {
  const parsed = seenLife.safeParse(Object.fromEntries(new URLSearchParams(url.split('?')[1] ?? '')));
  if (!parsed.success) throw refuse('bad.request');
  const { epoch, head } = parsed.data;
  return { ...(epoch !== undefined && { docEpoch: epoch }), ...(head !== undefined && { head }) };
}
