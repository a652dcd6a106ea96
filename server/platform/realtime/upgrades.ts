import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Authenticate, Session } from '#server/platform/access.ts';
import { addressOf, networkOf } from '#server/platform/http/address.ts';
import type { HandshakeLimit } from '#server/platform/http/limits.ts';
import { checkOrigin, type OriginRule } from '#server/platform/http/origin.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import { Refusal, refuse } from '#shared/kernel/failures.ts';
import { refusals } from '#shared/kernel/refusals.ts';

export type UpgradeRoute = {
  /** The path's captures, or `null` when it is not this route's. */
  readonly match: (path: string) => readonly string[] | null;
  readonly accept: (upgrade: {
    request: IncomingMessage;
    socket: Duplex;
    head: Buffer;
    session: Session;
    captures: readonly string[];
  }) => void;
};

type Deps = {
  readonly authenticate: Authenticate;
  readonly origins: OriginRule;
  readonly limit: HandshakeLimit;
  readonly trustProxy: number;
  readonly log: Log;
};

/**
 * The one door for WebSockets: Origin, then pace, then session, then the route. Everything else is refused before any
 * upgrade. [AC-12] [BD-46]
 */
export function routeUpgrades(server: Server, deps: Deps, routes: readonly UpgradeRoute[]): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onError = (error: Error) => deps.log.debug({ err: error }, 'a socket failed during its upgrade');
    socket.on('error', onError);
    route(request)
      .then(({ accept, session, captures }) => {
        accept({ request, socket, head, session, captures });
        socket.off('error', onError);
      })
      .catch((error: unknown) => turnAway(socket, error));
  });

  async function route(request: IncomingMessage) {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    for (const { match, accept } of routes) {
      const captures = match(path);
      if (captures === null) continue;
      if (request.headers.origin === undefined) throw refuse('origin.refused', { where: 'Origin' });
      checkOrigin(deps.origins, request.headers, 'origin');
      await deps.limit.network(networkOf(addressOf(request, deps.trustProxy)));
      const session = await deps.authenticate(request);
      if (session === null) throw refuse('session.missing');
      await deps.limit.officer(session.officer);
      return { accept, session, captures };
    }
    throw refuse('not.found');
  }

  function turnAway(socket: Duplex, error: unknown): void {
    const code = error instanceof Refusal ? error.code : 'internal';
    if (code === 'internal') deps.log.error({ err: error }, 'an upgrade failed');
    const { status, sentence } = refusals[code];
    const body = JSON.stringify({ error: { code, sentence } });
    socket.write(
      `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    // Ended alone, the line would stay for as long as the other side keeps its own half open.
    if (socket instanceof Socket) socket.destroySoon();
    else socket.destroy();
  }
}
