import http from 'node:http';
import path from 'node:path';
import type { Registry } from 'prom-client';

import type { Sessions } from '#server/features/identity/index.ts';
import { bindCalls } from '#server/platform/http/bind.ts';
import type { Handler } from '#server/platform/http/commands.ts';
import { type ExecuteDeps, execute } from '#server/platform/http/execute.ts';
import { type HandshakeLimit, headTimes, limitCalls } from '#server/platform/http/limits.ts';
import { openApiOf } from '#server/platform/http/openapi.ts';
import { buildWeb } from '#server/platform/http/web.ts';
import { type EventHandler, openSockets } from '#server/platform/realtime/sockets.ts';
import { routeUpgrades, type UpgradeRoute } from '#server/platform/realtime/upgrades.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import { refuse } from '#shared/kernel/failures.ts';

import type { Config } from './config.ts';
import type { Ground } from './ground.ts';
import { healthRoutes } from './health.ts';

type Behind = {
  /** Every call, and the names of those that do not exist in this mode. */
  readonly handlers: readonly Handler[];
  readonly absent: ReadonlySet<string>;
  readonly edge: ExecuteDeps;
  readonly sessions: Sessions;
  readonly handshakes: HandshakeLimit;
  /** Of the rooms' socket. */
  readonly events: readonly EventHandler[];
  readonly boards: UpgradeRoute;
  readonly registry: Registry;
  readonly warnings: () => readonly string[];
};

export type Door = {
  readonly server: http.Server;
  /** Sends the rooms' sockets away; `/readyz` says no from now on. */
  drain(): Promise<void>;
  /** Once no socket is left. */
  close(): Promise<void>;
};

/** How people reach a hub: calls over HTTP and over the rooms' socket, upgrades, health and the client's files. */
export function openDoor(config: Config, ground: Ground, behind: Behind): Door {
  const { store, clock, random, log, steady = clock } = ground;
  const { handlers, absent, edge, sessions, handshakes, events, boards, registry, warnings } = behind;
  const origins = { allowed: new Set(config.origins) };
  let draining = false;
  const limit = limitCalls(ground.limitScale);
  const api = bindCalls(
    { ...edge, authenticate: sessions.authenticate, touch: sessions.touch, origins, log, random, limit },
    handlers,
    absent,
  );
  const operations = healthRoutes({
    store,
    registry,
    metricsToken: config.METRICS_TOKEN,
    draining: () => draining,
    alarms: () => [],
    warnings,
  });
  const openApi = openApiOf(
    allCalls.filter(({ name }) => !absent.has(name)),
    ground.version,
  );
  const clientFolder = path.join(ground.distFolder, 'client');
  const secure = config.origins.some((origin) => origin.startsWith('https:'));
  const hosts = new Set(config.origins.map((origin) => new URL(origin).host));
  const server = http.createServer(
    { headersTimeout: headTimes.arrives, connectionsCheckingInterval: headTimes.looked },
    buildWeb({
      api,
      operations,
      openApi,
      hosts,
      clientFolder,
      trustProxy: config.TRUST_PROXY,
      secure,
      log,
      random,
    }),
  );
  const byName = new Map(handlers.map((handler) => [handler.call.name, handler]));
  const sockets = openSockets(
    {
      log,
      random,
      clock: steady,
      watch: sessions.watch,
      async call(session, name, input) {
        const handler = byName.get(name);
        if (handler === undefined || handler.call.kind !== 'call') throw refuse('no.such.call');
        await limit(handler.call, 'socket', session.officer);
        sessions.touch(session);
        return (await execute(edge, handler, { session, address: 'socket' }, input)).reply;
      },
    },
    events,
  );
  const checks = {
    authenticate: sessions.authenticate,
    origins,
    limit: handshakes,
    trustProxy: config.TRUST_PROXY,
    log,
  };
  routeUpgrades(server, checks, [
    {
      match: (url) => (url === '/socket.io/' ? [] : null),
      accept: ({ request, socket, head, session }) => sockets.handleUpgrade(request, socket, head, session),
    },
    boards,
  ]);

  return {
    server,
    async drain() {
      draining = true;
      await sockets.stop();
    },
    async close() {
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      });
    },
  };
}
