import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type Response, type Router } from 'express';
import type { Authenticate, Session } from '#server/platform/access.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import type { Call } from '#shared/contracts/contract.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';

import { networkOf } from './address.ts';
import type { DownloadBody, FileBody, Handler } from './commands.ts';
import { sessionCookieHeader } from './cookie.ts';
import { tell } from './errors.ts';
import { type ExecuteDeps, execute, type Outcome } from './execute.ts';
import { checkOrigin, type OriginRule } from './origin.ts';

export type BindDeps = ExecuteDeps & {
  readonly authenticate: Authenticate;
  /** The officer did something: their idle time starts again. */
  readonly touch: (session: Session) => void;
  readonly origins: OriginRule;
  readonly log: Log;
  readonly random: Random;
  /** Refuses with `too.many` when this network, or this officer, asks too often. */
  readonly limit: (call: Call, network: string, officer: string | null) => Promise<void>;
};

/**
 * Binds every call of the registry to its handler. Refuses to start with one missing or one too many: what is not
 * registered does not exist. Calls whose `modes` do not include this hub's are left out with their routes.
 */
export function bindCalls(deps: BindDeps, handlers: readonly Handler[], absent: ReadonlySet<string>): Router {
  const byName = new Map(handlers.map((handler) => [handler.call.name, handler]));
  invariant(byName.size === handlers.length, 'two handlers for one call');
  const router = express.Router();
  for (const call of allCalls) {
    const handler = byName.get(call.name);
    if (absent.has(call.name)) continue;
    invariant(handler !== undefined, `no handler for ${call.name}`);
    byName.delete(call.name);
    bindOne(deps, router, handler);
  }
  invariant(byName.size === 0, `handlers without a call: ${[...byName.keys()].join(', ')}`);
  return router;
}

function bindOne(deps: BindDeps, router: Router, handler: Handler): void {
  const { call } = handler;
  const parseJson = express.json({ limit: call.maxBytes, strict: true, type: () => true });
  const answer = async (request: Request, response: Response): Promise<void> => {
    try {
      checkOrigin(deps.origins, request.headers, call.method === 'POST' ? 'origin' : 'same-site');
      const wantsSession = call.needs !== 'nobody' && call.needs !== 'witness';
      const session = wantsSession ? await deps.authenticate(request) : null;
      if (wantsSession && session === null) throw refuse('session.missing');
      if (session !== null && call.method === 'POST') deps.touch(session);
      const network = networkOf(request.ip);
      await deps.limit(call, network, session?.officer ?? null);
      const raw = call.method === 'GET' ? request.query : await readBody(parseJson, request, response);
      const input = { ...(raw as object), ...textParameters(request.params) };
      const credential = call.needs === 'witness' ? credentialIn(request) : null;
      const outcome = await execute(deps, handler, { session, credential, address: network }, input);
      await send(response, outcome);
    } catch (error) {
      fail(deps, response, error);
    }
  };
  if (call.method === 'GET') router.get(call.path, answer);
  else router.post(call.path, answer);
}

/** What a program calls itself by. Never a cookie, so that no browser sends it by itself; never in a URL. */
function credentialIn({ headers }: Request): string | null {
  return /^Bearer ([A-Za-z0-9_-]{43})$/.exec(headers.authorization ?? '')?.[1] ?? null;
}

/** A parameter of several segments is the text it was in the URL. */
function textParameters(parameters: Readonly<Record<string, string | string[]>>): Record<string, string> {
  const texts = Object.entries(parameters).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : value.join('/'),
  ]);
  return Object.fromEntries(texts);
}

/** The body, after the caller is known and before anything is done; a wrong one is refused with where it breaks. */
async function readBody(
  parseJson: express.RequestHandler,
  request: Request,
  response: Response,
): Promise<object> {
  if (!request.is('application/json')) throw refuse('bad.media-type', { where: 'Content-Type' });
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) =>
      error === undefined ? resolve() : reject(bodyRefusal(error)),
    );
  });
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refuse('bad.request', { where: 'body', what: 'not a JSON object' });
  }
  return body;
}

function bodyRefusal(error: unknown): unknown {
  const type: unknown = Reflect.get(Object(error), 'type');
  if (type === 'entity.too.large') return refuse('too.large', { where: 'body' });
  if (type === 'entity.parse.failed')
    return refuse('bad.json', {
      where: 'body',
      what: String(Reflect.get(Object(error), 'message')).slice(0, 200),
    });
  if (typeof type === 'string') return refuse('bad.request', { where: 'body', what: type });
  return error;
}

async function send(response: Response, outcome: Outcome): Promise<void> {
  if (outcome.cookie !== undefined) response.append('Set-Cookie', sessionCookieHeader(outcome.cookie));
  if (outcome.download !== undefined) await sendDownload(response, outcome.download);
  else if (outcome.file !== undefined) sendFile(response, outcome.file);
  else response.json(outcome.reply);
}

function sendFile(response: Response, { mediaType, content, fileName, lasting }: FileBody): void {
  response.setHeader('Content-Type', mediaType);
  response.setHeader('Content-Security-Policy', 'sandbox');
  // Kept for this session alone: the next one on the same machine may belong to somebody who may see less.
  if (lasting) response.setHeader('Cache-Control', 'private, max-age=31536000, immutable').vary('Cookie');
  if (fileName !== undefined) response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
  response.end(content);
}

async function sendDownload(response: Response, body: DownloadBody): Promise<void> {
  await body.ready?.();
  const { fileName = body.fileName, expected } = body.about?.() ?? {};
  response.setHeader('Content-Type', body.mediaType);
  response.setHeader('Content-Disposition', `attachment; filename="${fileName}"`);
  if (expected !== undefined) response.setHeader('Muster-Expected-Bytes', String(expected));
  response.setHeader('Content-Security-Policy', 'sandbox');
  await pipeline(Readable.from(body.chunks()), response);
}

function fail(deps: BindDeps, response: Response, error: unknown): void {
  const { status, refusal } = tell(error, deps.log, deps.random);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (refusal.retryAfter !== undefined) response.setHeader('Retry-After', String(refusal.retryAfter));
  response.status(status).json({ error: refusal });
}
