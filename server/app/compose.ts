import http from 'node:http';
import path from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import {
  boardContents,
  buildOnWorker,
  meterBoards,
  openBoards,
  replayOnWorker,
  showBoards,
} from '#server/features/boards/index.ts';
import { chatContents, chatHandlers } from '#server/features/chat/index.ts';
import { openIdentity, openSessions } from '#server/features/identity/index.ts';
import { indicatorContents, indicatorHandlers, readOnWorker } from '#server/features/indicators/index.ts';
import {
  openGate,
  openPurger,
  openRooms,
  operationContents,
  operationHandlers,
  watchRetention,
} from '#server/features/operations/index.ts';
import {
  followRecords,
  openWitnessGate,
  readBoardsOnWorker,
  reviewContents,
  reviewHandlers,
} from '#server/features/review/index.ts';
import type { Bus } from '#server/platform/bus/bus.ts';
import type { Append } from '#server/platform/facts.ts';
import { bindCalls } from '#server/platform/http/bind.ts';
import type { Handler } from '#server/platform/http/commands.ts';
import { type ExecuteDeps, execute } from '#server/platform/http/execute.ts';
import { headTimes, limitCalls, limitHandshakes } from '#server/platform/http/limits.ts';
import { openApiOf } from '#server/platform/http/openapi.ts';
import { buildWeb } from '#server/platform/http/web.ts';
import { openSockets } from '#server/platform/realtime/sockets.ts';
import { routeUpgrades } from '#server/platform/realtime/upgrades.ts';
import { openSecrets } from '#server/platform/secrets.ts';
import { migrate } from '#server/platform/storage/migrate.ts';
import type { Store } from '#server/platform/storage/store.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import { startAnchors } from '#server/record/anchors.ts';
import { makeAppends } from '#server/record/append.ts';
import { authorOf } from '#server/record/author.ts';
import { watchCheckpoints } from '#server/record/checkpoint-watch.ts';
import { noteCuts } from '#server/record/cuts.ts';
import { keepDenials } from '#server/record/denials.ts';
import { startFeed } from '#server/record/feed.ts';
import { certifyReceiptKey, openReceipts, receiptSigner } from '#server/record/receipts/receipts.ts';
import { startSigner } from '#server/record/signer.ts';
import { openLastSigned } from '#server/record/signing/last-signed.ts';
import { openSeedFile } from '#server/record/signing/seed-file.ts';
import { borrowedVouching, ownVouching } from '#server/record/vouching.ts';
import { allCalls } from '#shared/contracts/registry.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';

import { bootstrap } from './bootstrap.ts';
import type { Config } from './config.ts';
import { healthRoutes } from './health.ts';
import { hubInfoHandler } from './hub-info.ts';

/** What a hub stands on. Tests pass their own clock, chance and bus; `main` the machine's. */
export type Ground = {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  /** For leases, sessions and paces: not moved by whoever sets the clock. `clock` itself unless said. */
  readonly steady?: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly version: string;
  /** The folder with `migrations/` and `client/`. */
  readonly distFolder: string;
  /** Multiplies every rate limit; 1 in life. */
  readonly limitScale: number;
};

export type Hub = {
  readonly server: http.Server;
  readonly logOrigin: string;
  /** For what runs beside the hub in its own process: the exercise's cast. */
  readonly store: Store;
  readonly append: Append;
  /** A one-time link for the first administrator while there is none. */
  firstLink(): Promise<{ token: string; expiresAt: number } | null>;
  /** Lets what is under way finish, closes every socket with "come again", and lets go of the store. */
  stop(): Promise<void>;
};

/** The whole hub on one page: every part is made here, and given what it needs. */
export async function compose(config: Config, ground: Ground): Promise<Hub> {
  const { store, bus, clock, random, log, steady = clock } = ground;
  const onError = (error: unknown) => log.error({ err: error }, 'a background task failed');
  const node = hex(random.bytes(8));
  const origins = { allowed: new Set(config.origins) };

  // The record, and what it stands on.
  await migrate(store, path.join(ground.distFolder, 'migrations'));
  const { append, appendTogether } = makeAppends({ clock, random });
  const { logOrigin } = await bootstrap(config, { store, append, clock, random, version: ground.version });
  await noteCuts(
    { store, append, clock, random, log },
    {
      remembered: config.SIGNER ? openLastSigned(config.SIGNER_DIR, random) : null,
      declared: config.RESTORED ?? null,
    },
  );
  const feed = await startFeed({ store, bus, clock, onError });
  const denials = keepDenials({ store, append, announce: feed.announce, clock, onError });
  const signer = config.SIGNER ? startSigner({ store, clock, random, folder: config.SIGNER_DIR, log }) : null;
  const vouching = signer === null ? borrowedVouching({ store, clock }) : ownVouching(signer);
  const receiptKey = signer
    ? signer.receiptSigner(`${logOrigin}/hub`)
    : receiptSigner(openSeedFile(config.RECEIPT_KEY_FILE, random), `${logOrigin}/hub`);
  const receipts = openReceipts(receiptKey, logOrigin);
  await certifyReceiptKey({ store, append }, receipts.vkey);
  const anchors =
    signer === null ? null : startAnchors({ store, append, announce: feed.announce, clock, signer, onError });
  const checkpoints = watchCheckpoints({ store, clock, onError });

  // Who people are, and where they may go.
  const secrets = openSecrets(config.SECRET_FILE, random);
  const sessions = await openSessions({ store, bus, clock: steady, random, onError });
  const identity = openIdentity(
    {
      store,
      sessions,
      secrets,
      clock,
      random,
      limitScale: ground.limitScale,
      noteFailedSignIn: (officer) => denials.noteSignIn(officer),
    },
    config.mode,
  );
  const admit = openGate({ store, clock, noteDenial: denials.note });
  const { announce } = feed;
  const signReceipts = receipts.sign;
  const commit = { store, append, announce, signReceipts, hold: sessions.hold, authorOf };
  const admitWitness = openWitnessGate({ store });
  const edge: ExecuteDeps = { ...commit, admit, admitWitness, noteDenial: denials.note, clock };

  // What they do there.
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const handshakes = limitHandshakes(ground.limitScale);
  const boards = openBoards({
    store,
    append,
    appendTogether,
    holdSessions: sessions.hold,
    heldSessions: sessions.held,
    admit,
    announce: feed.announce,
    follow: feed.follow,
    bus,
    node,
    states: buildOnWorker(path.join(ground.distFolder, 'board-worker.js'), clock),
    meters: meterBoards(registry),
    clock: steady,
    random,
    log,
    noteDenial: denials.note,
    penalise: handshakes.penalise,
    watchSession: sessions.watch,
    touchSession: sessions.touch,
    signReceipts,
    replay: replayOnWorker(path.join(ground.distFolder, 'board-replay-worker.js'), clock),
  });
  showBoards(registry, boards.engine);
  const boardReader = readBoardsOnWorker(path.join(ground.distFolder, 'review-worker.js'), clock);
  const follower = followRecords({ store, clock, boards: boardReader, onError });
  const purger = openPurger({
    store,
    append,
    announce: feed.announce,
    clock,
    vouching,
    contents: [
      ...boardContents,
      ...chatContents,
      ...indicatorContents,
      ...reviewContents,
      ...operationContents,
    ],
    onError,
  });
  const endRetention = watchRetention({ store, append, announce: feed.announce, clock, onError });
  const handlers: Handler[] = [
    hubInfoHandler(config, ground.version),
    ...identity.handlers,
    ...operationHandlers({ clock, random, logOrigin, vouching, purgeSoon: purger.soon }),
    ...chatHandlers({ random, store }),
    ...indicatorHandlers({
      store,
      commit,
      random,
      readFile: readOnWorker(path.join(ground.distFolder, 'interchange-worker.js'), clock),
    }),
    ...boards.handlers,
    ...reviewHandlers({
      store,
      admit,
      vouching,
      commit,
      follower,
      boards: boardReader,
      random,
      clock,
      version: ground.version,
      files: {
        worker: path.join(ground.distFolder, 'pack-worker.js'),
        fonts: path.join(ground.distFolder, 'pack-fonts'),
        tool: path.join(ground.distFolder, 'tools/verify.mjs'),
      },
    }),
  ];
  const absent = new Set(config.mode === 'exercise' ? [] : ['exercise.sign-in']);

  // How they reach it.
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
    warnings: () => [...checkpoints.alarms(), ...(signer?.warnings() ?? [])],
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
  const rooms = await openRooms({
    store,
    admit,
    clock: steady,
    onError,
    feed,
    bus,
    node,
    commit,
    touch: sessions.touch,
  });
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
    rooms.handlers,
  );
  const door = {
    authenticate: sessions.authenticate,
    origins,
    limit: handshakes,
    trustProxy: config.TRUST_PROXY,
    log,
  };
  routeUpgrades(server, door, [
    {
      match: (url) => (url === '/socket.io/' ? [] : null),
      accept: ({ request, socket, head, session }) => sockets.handleUpgrade(request, socket, head, session),
    },
    boards.route,
  ]);

  return {
    server,
    logOrigin,
    store,
    append,
    firstLink: () => store.write((tx) => identity.firstLink(tx)),
    async stop() {
      draining = true;
      await sockets.stop();
      await boards.stop();
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      });
      rooms.stop();
      sessions.stop();
      endRetention();
      await purger.stop();
      await denials.settle();
      await anchors?.stop();
      await signer?.stop();
      checkpoints.stop();
      await Promise.all([follower.stop(), boardReader.stop()]);
      await feed.stop();
      await bus.close();
      await store.close();
    },
  };
}
