import express, { type Router } from 'express';
import type { Registry } from 'prom-client';

import { type Store, sql } from '#server/platform/storage/store.ts';

export type HealthDeps = {
  readonly store: Store;
  readonly registry: Registry;
  readonly metricsToken: string | undefined;
  readonly draining: () => boolean;
  /** Roles that have stopped in doubt, in words. */
  readonly alarms: () => readonly string[];
  /** What the host must look at while work goes on. */
  readonly warnings: () => readonly string[];
};

/** `/healthz`: the process answers. `/readyz`: it can also commit. `/metrics`: figures, for the host only. */
export function healthRoutes(deps: HealthDeps): Router {
  const router = express.Router();
  router.get('/healthz', (_request, response) => {
    response.json({ ok: true });
  });
  router.get('/readyz', async (_request, response) => {
    const alarms = [...deps.alarms()];
    if (deps.draining()) alarms.push('stopping');
    if (!(await canCommit(deps.store))) alarms.push('the store cannot commit');
    response
      .status(alarms.length === 0 ? 200 : 503)
      .json({ ok: alarms.length === 0, alarms, warnings: deps.warnings() });
  });
  router.get('/metrics', async (request, response) => {
    if (!mayRead(deps.metricsToken, request)) {
      response
        .status(403)
        .json({ error: { code: 'not.allowed', sentence: 'Metrics are for the host of the hub.' } });
      return;
    }
    response.type(deps.registry.contentType).send(await deps.registry.metrics());
  });
  return router;
}

/** A real write: a full disk or a read-only replica shows only there. */
async function canCommit(store: Store): Promise<boolean> {
  try {
    await store.write((tx) => sql`update hub set started_ms = started_ms`.execute(tx));
    return true;
  } catch {
    return false;
  }
}

function mayRead(token: string | undefined, request: express.Request): boolean {
  if (token !== undefined) return request.headers.authorization === `Bearer ${token}`;
  const address = request.socket.remoteAddress ?? '';
  return /^(::1|::ffff:127\.|127\.)/.test(address) && request.headers['x-forwarded-for'] === undefined;
}
