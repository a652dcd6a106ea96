import { personOfSession } from '#server/features/identity/index.ts';
import type { Admit, RoomPass, Session } from '#server/platform/access.ts';
import type { Bus } from '#server/platform/bus/bus.ts';
import { EpochMoved } from '#server/platform/facts.ts';
import { type CommitDeps, commitActs } from '#server/platform/http/commit.ts';
import type { EventHandler, HubSocket } from '#server/platform/realtime/sockets.ts';
import { oneRow, sql } from '#server/platform/storage/store.ts';
import type { Feed } from '#server/record/feed.ts';
import {
  enterRoom,
  leaveRoom,
  type PresenceState,
  type Present,
  sayPresence,
} from '#shared/contracts/rooms.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { OperationId } from '#shared/kernel/ids.ts';

import { openPresence } from './presence.ts';
import { Room, type RoomDeps } from './room.ts';

export type RoomsDeps = RoomDeps & {
  readonly admit: Admit;
  readonly feed: Feed;
  readonly bus: Bus;
  readonly node: string;
  readonly commit: CommitDeps;
  readonly touch: (session: Session) => void;
};

/** The size of the record, and the receipt for the visit when it is a new one. */
type Entered = { readonly head: number; readonly receipts: readonly string[] };

export type Rooms = { readonly handlers: readonly EventHandler[]; stop(): void };

/** A session that comes back within this time after a broken link has not entered anew. */
const SAME_VISIT = 10 * 60_000;
/** Changes of presence within this time go out together. */
const PRESENCE_PACE = 100;
const TRIES = 5;
const IDLE: PresenceState = { place: 'board', board: null, typing: false };

/** Rooms: who may be in one, what they receive, who is there. [RM-1] … */
export async function openRooms(deps: RoomsDeps): Promise<Rooms> {
  const rooms = new Map<OperationId, { room: Room; unfollow: () => void }>();
  const inside = new WeakMap<HubSocket, Set<OperationId>>();
  const visits = new Map<string, number>();
  const telling = new Set<OperationId>();
  const presence = await openPresence(deps, tellPresence);

  const on = <T>(
    event: EventHandler['event'],
    body: EventHandler['body'],
    run: (socket: HubSocket, input: T) => Promise<unknown>,
  ): EventHandler => ({ event, body, run }) as EventHandler;

  return {
    handlers: [
      on<{ operationId: OperationId; since: number }>(
        'room.enter',
        enterRoom,
        async (socket, { operationId, since }) => {
          const { session } = socket.data;
          const { pass, head, receipts } = await enter(session, operationId);
          if (since > head) throw refuse('record.restored', { where: 'since' });
          // The link may have broken meanwhile: then there is nobody to enter, and nobody who would ever leave.
          if (socket.connected) {
            leaveAtTheEnd(operationId, socket);
            roomOf(operationId).enter(socket, pass, since);
            presence.say(operationId, socket.id, personOfSession(session), IDLE);
          }
          return { aclEpoch: pass.aclEpoch, head, ...(receipts.length > 0 && { receipts }) };
        },
      ),
      on<{ operationId: OperationId }>('room.leave', leaveRoom, async (socket, { operationId }) => {
        leave(operationId, socket);
        return {};
      }),
      on<{ operationId: OperationId; state: PresenceState }>(
        'presence',
        sayPresence,
        async (socket, { operationId, state }) => {
          if (rooms.get(operationId)?.room.passOf(socket) == null) throw refuse('not.found');
          deps.touch(socket.data.session);
          presence.say(operationId, socket.id, personOfSession(socket.data.session), state);
          return {};
        },
      ),
    ],
    stop() {
      presence.stop();
      for (const { room, unfollow } of rooms.values()) {
        unfollow();
        room.stop();
      }
      rooms.clear();
    },
  };

  function roomOf(operation: OperationId): Room {
    const open = rooms.get(operation);
    if (open !== undefined) return open.room;
    const room = new Room(operation, deps);
    rooms.set(operation, { room, unfollow: deps.feed.follow(operation, (hint) => room.onHint(hint)) });
    return room;
  }

  function leaveAtTheEnd(operation: OperationId, socket: HubSocket): void {
    const entered = inside.get(socket) ?? new Set<OperationId>();
    if (!inside.has(socket)) {
      inside.set(socket, entered);
      socket.once('disconnect', () => {
        for (const one of entered) leave(one, socket);
      });
    }
    entered.add(operation);
  }

  function leave(operation: OperationId, socket: HubSocket): void {
    const open = rooms.get(operation);
    open?.room.leave(socket.id);
    presence.leave(operation, socket.id);
    if (open?.room.empty) {
      open.unfollow();
      rooms.delete(operation);
    }
  }

  /** Through the gate and onto the record; when rights move in between, through the gate again. */
  async function enter(session: Session, operation: OperationId): Promise<{ pass: RoomPass } & Entered> {
    for (let tried = 1; ; tried++) {
      const pass = await deps.admit(session, operation, 'operation.enter');
      try {
        return { pass, ...(await entered(pass)) };
      } catch (error) {
        if (!(error instanceof EpochMoved)) throw error;
        if (tried === TRIES) throw refuse('try.again');
      }
    }
  }

  /** One entry per visit. */
  async function entered(pass: RoomPass): Promise<Entered> {
    const visit = `${pass.session.id} ${pass.operation}`;
    const now = deps.clock.now();
    const seen = visits.get(visit);
    if (seen !== undefined && now - seen < SAME_VISIT) {
      visits.set(visit, now);
      const row = await deps.store.read((tx) =>
        oneRow<{ head: number }>(tx, sql`select head from logs where id = ${pass.operation}`),
      );
      return { head: row?.head ?? 0, receipts: [] };
    }
    const { reply, receipts } = await commitActs(
      deps.commit,
      { call: 'room.enter', session: pass.session, pass, commandId: null, now, secretReply: false },
      async () => ({
        facts: [
          {
            kind: 'room.entered' as const,
            object: { kind: 'operation', id: pass.operation },
            compartment: pass.main,
            body: { role: pass.role },
          },
        ],
        reply: (recorded) => ({ head: (recorded.at(-1)?.seq ?? 0) + 1 }),
      }),
    );
    visits.set(visit, now);
    for (const [old, at] of visits) if (now - at >= SAME_VISIT) visits.delete(old);
    return { head: reply.head, receipts };
  }

  /** Partners see their own lane only: people of other desks are not shown to them, nor they told who takes part. */
  function tellPresence(operation: OperationId): void {
    if (telling.has(operation)) return;
    telling.add(operation);
    deps.clock.after(PRESENCE_PACE, () => {
      telling.delete(operation);
      tellNow(operation);
    });
  }

  function tellNow(operation: OperationId): void {
    const room = rooms.get(operation)?.room;
    if (room === undefined) return;
    const everybody = presence.in(operation);
    for (const { socket, pass } of room.people()) {
      socket.volatile.emit('presence', { operationId: operation, present: visibleTo(pass, everybody) });
    }
  }
}

function visibleTo(pass: RoomPass, everybody: readonly Present[]): Present[] {
  if (pass.session.desk.kind === 'police') return [...everybody];
  return everybody.filter(({ person }) => person.desk === pass.session.desk.code);
}
