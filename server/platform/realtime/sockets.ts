import http, { type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket } from 'socket.io';
import type { z } from 'zod';
import type { Session } from '#server/platform/access.ts';
import { tell } from '#server/platform/http/errors.ts';
import type { Log } from '#server/platform/telemetry/log.ts';
import {
  type Answer,
  type ClientToServer,
  type ServerToClient,
  socketCall,
} from '#shared/contracts/rooms.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { invariant, refuse } from '#shared/kernel/failures.ts';
import type { Random } from '#shared/kernel/random.ts';

import { backlogOf } from './backlog.ts';
import { Seats } from './seats.ts';

type SocketData = { session: Session };
export type HubSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>;

export type SocketDeps = {
  readonly log: Log;
  readonly random: Random;
  readonly clock: Clock;
  /** Ends with the session, on whichever node that happened. */
  readonly watch: (session: Session, onEnd: () => void) => () => void;
  /** A call of the registry by name, as over HTTP. */
  readonly call: (session: Session, name: string, input: unknown) => Promise<unknown>;
};

export type EventHandler = {
  readonly event: Exclude<keyof ClientToServer, 'call'>;
  readonly body: z.ZodType;
  readonly run: (socket: HubSocket, input: never) => Promise<unknown>;
};

export type Sockets = {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, session: Session): void;
  count(): number;
  stop(): Promise<void>;
};

/** Events per second of one socket, with a burst of four times as many; beyond it, each is refused. */
const RATE = 30;
const SOCKETS_PER_OFFICER = 20;
/** Packets of any kind a second, and at once, beyond which the line is dropped: answering each would be work enough. */
const PACKETS = { rate: 100, burst: 10 };
/** Answers that their reader does not take beyond which the line is dropped. */
const UNREAD = { packets: 512, bytes: 8 * 1024 * 1024 };
/** Milliseconds from the upgrade to the first packet that joins. */
const JOINING = 5_000;

/**
 * Socket.IO with its own recovery off: what was missed is read from the record, after the gate. Only WebSocket, so
 * that every connection has passed the upgrade router.
 */
export function openSockets(deps: SocketDeps, handlers: readonly EventHandler[]): Sockets {
  const sessions = new WeakMap<IncomingMessage, Session>();
  const seats = new Seats(SOCKETS_PER_OFFICER);
  const io = new Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>({
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: 262_144,
    perMessageDeflate: false,
    destroyUpgrade: false,
    connectTimeout: JOINING,
    pingInterval: 20_000,
    pingTimeout: 20_000,
  });
  // Upgrades arrive from the hub's own router; the engine is attached to a server that never listens.
  io.attach(http.createServer());

  io.engine.on('connection', (conn: HubSocket['conn']) => dropFloods(deps, conn));
  io.on('connection', (socket) => {
    const session = sessions.get(socket.request);
    invariant(session !== undefined, 'a socket that did not pass the upgrade router');
    socket.data.session = session;
    const unwatch = deps.watch(session, () => finish(socket));
    socket.on('disconnect', unwatch);
    listen(deps, socket, handlers);
  });

  return {
    handleUpgrade(request, socket, head, session) {
      seats.take(session.officer, socket);
      sessions.set(request, session);
      io.engine.handleUpgrade(request, socket, head);
    },
    count: () => io.engine.clientsCount,
    async stop() {
      io.disconnectSockets(true);
      await io.close();
    },
  };

  function finish(socket: HubSocket): void {
    const { refusal } = tell(refuse('session.ended'), deps.log, deps.random);
    socket.emit('ended', { operationId: null, code: 'session.ended', sentence: refusal.sentence });
    socket.disconnect(true);
  }
}

/** Looks at every packet, those of the protocol itself too, before anything is made of it. [RM-11] */
function dropFloods(deps: SocketDeps, conn: HubSocket['conn']): void {
  const takeOne = tokenBucket(deps.clock, PACKETS);
  conn.on('packet', () => {
    const { packets, bytes } = backlogOf(conn);
    const unread = packets > UNREAD.packets || bytes > UNREAD.bytes;
    if (!takeOne() || unread) conn.close(true);
  });
}

function listen(deps: SocketDeps, socket: HubSocket, handlers: readonly EventHandler[]): void {
  const takeOne = tokenBucket(deps.clock, { rate: RATE, burst: 4 });
  const known = new Map<string, (input: unknown) => Promise<unknown>>();
  for (const { event, body, run } of handlers) {
    known.set(event, (input) => run(socket, parse(body, input) as never));
  }
  known.set('call', (input) => {
    const { name, input: given } = parse(socketCall, input);
    return deps.call(socket.data.session, name, given);
  });

  // One door for every event: names are looked up in a Map, so that no prototype name is ever an event.
  socket.onAny(async (event: unknown, ...rest: unknown[]) => {
    const answer = rest.at(-1);
    const reply =
      typeof answer === 'function' ? (answer as (value: Answer<unknown>) => void) : () => undefined;
    try {
      if (!takeOne()) throw refuse('too.many', { retryAfter: 1 });
      const run = typeof event === 'string' ? known.get(event) : undefined;
      if (run === undefined) throw refuse('no.such.call');
      reply({ ok: true, reply: await run(rest[0]) });
    } catch (error) {
      reply({ ok: false, refusal: tell(error, deps.log, deps.random).refusal });
    }
  });
}

function parse<T extends z.ZodType>(body: T, input: unknown): z.output<T> {
  const parsed = body.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse('bad.request', {
    where: issue?.path.join('.') || 'input',
    what: issue?.message ?? 'not understood',
  });
}

type Pace = { readonly rate: number; readonly burst: number };

function tokenBucket(clock: Clock, { rate, burst }: Pace): () => boolean {
  let tokens = rate * burst;
  let last = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(rate * burst, tokens + (Math.max(0, now - last) / 1000) * rate);
    last = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
