import fs from 'node:fs';
import path from 'node:path';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Log } from '#server/platform/telemetry/log.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';

import { tell } from './errors.ts';

export type WebOptions = {
  readonly api: Router;
  readonly operations: Router;
  /** The API as an OpenAPI document, answered to anybody. */
  readonly openApi: object;
  /** `host:port` under which the hub is reached; a name of another site that points here is refused (DNS rebinding). */
  readonly hosts: ReadonlySet<string>;
  /** The built client; every path that is not a call is answered with its page. */
  readonly clientFolder: string;
  readonly trustProxy: number;
  readonly secure: boolean;
  readonly log: Log;
  readonly random: Random;
};

/** No inline script or style, nothing from elsewhere, no framing, no string ever becomes script (Trusted Types). */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'blob:', 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    workerSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    objectSrc: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
  },
};

/** The HTTP application: headers, the API, health, the client's files, and a refusal for the rest. */
export function buildWeb(options: WebOptions): Express {
  const web = express();
  web.disable('x-powered-by');
  web.set('etag', false);
  web.set('query parser', 'simple');
  web.set('trust proxy', options.trustProxy);
  web.use(
    helmet({
      contentSecurityPolicy,
      crossOriginEmbedderPolicy: false,
      strictTransportSecurity: options.secure ? { maxAge: 31_536_000, includeSubDomains: true } : false,
      referrerPolicy: { policy: 'no-referrer' },
    }),
  );
  web.use(options.operations);
  web.use((request, _response, next) =>
    next(
      isOurs(options.hosts, request.headers.host) ? undefined : refuse('origin.refused', { where: 'Host' }),
    ),
  );
  web.use('/api/v1', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  web.get('/api/v1/openapi.json', (_request, response) => {
    response.json(options.openApi);
  });
  web.use('/api/v1', options.api);
  web.use('/api', (_request, response) => {
    const { status, refusal } = tell(refuse('no.such.call'), options.log, options.random);
    response.status(status).json({ error: refusal });
  });
  serveClient(web, options.clientFolder);
  web.use(
    (error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      const { status, refusal } = tell(malformed(error), options.log, options.random);
      response.status(status).json({ error: refusal });
    },
  );
  return web;
}

function isOurs(hosts: ReadonlySet<string>, host: string | undefined): boolean {
  return host !== undefined && hosts.has(host.toLowerCase());
}

function serveClient(web: Express, folder: string): void {
  web.use('/assets', preferCompressed(path.join(folder, 'assets')));
  web.use(
    '/assets',
    express.static(path.join(folder, 'assets'), {
      immutable: true,
      maxAge: '1y',
      index: false,
      fallthrough: false,
    }),
  );
  web.use(
    express.static(folder, {
      index: false,
      cacheControl: false,
      setHeaders: (response, file) => {
        response.setHeader('Cache-Control', 'no-cache');
        // To be kept and opened away from the hub, whose word it is there to check.
        if (path.basename(file) === 'verify.html')
          response.setHeader('Content-Disposition', 'attachment; filename="verify.html"');
      },
    }),
  );
  web.get('/{*path}', (request, response, next) => {
    if (!request.accepts('html')) {
      next(refuse('not.found'));
      return;
    }
    response.setHeader('Cache-Control', 'no-cache');
    response.sendFile(path.join(folder, 'index.html'), (error) => {
      if (error) next(refuse('not.found'));
    });
  });
}

/** Sends the `.br` that the build made beside an asset to whoever takes it. The names are known from the start. */
function preferCompressed(folder: string): express.RequestHandler {
  const compressed = new Set(
    fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.br')) : [],
  );
  return (request, response, next) => {
    const name = `${request.path.slice(1)}.br`;
    response.vary('Accept-Encoding');
    if (!compressed.has(name) || !request.acceptsEncodings('br')) {
      next();
      return;
    }
    response.type(path.extname(request.path)).setHeader('Content-Encoding', 'br');
    request.url = `/${name}`;
    next();
  };
}

/** Express and `send` throw HTTP errors of their own for malformed URLs and absent files. */
function malformed(error: unknown): unknown {
  const status: unknown = Reflect.get(Object(error), 'status');
  if (status === 404) return refuse('not.found');
  if (typeof status === 'number' && status >= 400 && status < 500)
    return refuse('bad.request', { where: 'URL' });
  return error;
}
