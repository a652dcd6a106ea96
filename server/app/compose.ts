import type http from 'node:http';
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
import type { Append } from '#server/platform/facts.ts';
import type { Handler } from '#server/platform/http/commands.ts';
import type { ExecuteDeps } from '#server/platform/http/execute.ts';
import { limitHandshakes } from '#server/platform/http/limits.ts';
import { openSecrets } from '#server/platform/secrets.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { authorOf } from '#server/record/author.ts';
import { hex } from '#shared/kernel/encoding.ts';

import type { Config } from './config.ts';
import { openDoor } from './door.ts';
import type { Ground } from './ground.ts';
import { hubInfoHandler } from './hub-info.ts';
import { openRecord } from './record.ts';

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

/** The whole hub on one page: the record, who people are, what they do, and the door. Every part is given what it needs. */
export async function compose(config: Config, ground: Ground): Promise<Hub> {
  const { store, bus, clock, random, log, steady = clock } = ground;
  const onError = (error: unknown) => log.error({ err: error }, 'a background task failed');
  const node = hex(random.bytes(8));

  // The record, and what it stands on.
  const record = await openRecord(config, ground, onError);
  const { append, appendTogether, logOrigin, feed, denials, vouching, receipts } = record;

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
  const door = openDoor(config, ground, {
    handlers,
    absent,
    edge,
    sessions,
    handshakes,
    events: rooms.handlers,
    boards: boards.route,
    registry,
    warnings: record.warnings,
  });

  return {
    server: door.server,
    logOrigin,
    store,
    append,
    firstLink: () => store.write((tx) => identity.firstLink(tx)),
    async stop() {
      await door.drain();
      await boards.stop();
      await door.close();
      rooms.stop();
      sessions.stop();
      endRetention();
      await purger.stop();
      await Promise.all([follower.stop(), boardReader.stop()]);
      await record.stop();
      await bus.close();
      await store.close();
    },
  };
}
