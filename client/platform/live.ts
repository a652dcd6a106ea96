import { io, type Socket } from 'socket.io-client';

import type {
  Answer,
  ClientToServer,
  Entered,
  PresenceState,
  RefusalOnWire,
  ServerToClient,
} from '#shared/contracts/rooms.ts';
import { clock } from './clock.ts';
import { LiveRoom } from './live-room.ts';
import { tellReceipts } from './receipts.ts';

type Listener = (ending: RefusalOnWire) => void;

const finalCodes = new Set([
  'not.found',
  'membership.ended',
  'not.allowed',
  'purpose.needed',
  'operation.purged',
]);
const sessionCodes = new Set(['session.missing', 'session.ended']);

/**
 * The page's one connection. It comes back by itself and asks for what each room missed; it gives up only when the
 * hub says that the session, or the membership, is over.
 */
export class Live {
  readonly #socket: Socket<ServerToClient, ClientToServer>;
  readonly #rooms = new Map<string, LiveRoom>();
  readonly #onSessionEnded: Listener;

  constructor(onSessionEnded: Listener) {
    this.#onSessionEnded = onSessionEnded;
    // Only WebSocket: long polling would need the same node each time.
    this.#socket = io({ transports: ['websocket'], reconnectionDelay: 500, reconnectionDelayMax: 5000 });
    this.#socket.on('connect', () => {
      for (const room of this.#rooms.values()) this.#enter(room);
    });
    this.#socket.on('disconnect', () => this.#lost());
    this.#socket.on('connect_error', (error) => this.#failed(error));
    this.#socket.on('frame', (frame) => {
      const room = this.#rooms.get(frame.operationId);
      if (room && !room.take(frame)) this.#enter(room);
    });
    this.#socket.on('presence', ({ operationId, present }) =>
      this.#rooms.get(operationId)?.showPresent(present),
    );
    this.#socket.on('ended', ({ operationId, code, sentence }) => {
      if (operationId === null) this.#end({ code, sentence });
      // Anything else is a hub in doubt: it closes the socket, and entering again asks anew.
      else if (finalCodes.has(code))
        this.#rooms.get(operationId)?.moveTo({ state: 'ended', ending: { code, sentence } });
    });
  }

  /** Follows an operation from the cursor of the reply that opened it. The same room twice is one room. */
  enter(operationId: string, asOf: number, aclEpoch: number): LiveRoom {
    const known = this.#rooms.get(operationId);
    if (known && known.status.state !== 'ended') return known;
    const room = new LiveRoom(operationId, asOf, aclEpoch);
    this.#rooms.set(operationId, room);
    if (this.#socket.connected) this.#enter(room);
    else if (!this.#socket.active) this.#socket.connect();
    return room;
  }

  leave(room: LiveRoom): void {
    if (this.#rooms.get(room.operationId) !== room) return;
    this.#rooms.delete(room.operationId);
    if (this.#socket.connected)
      this.#socket.emit('room.leave', { operationId: room.operationId }, () => undefined);
  }

  say(room: LiveRoom, state: PresenceState): void {
    room.said = state;
    if (!this.#socket.connected || room.status.state !== 'live') return;
    this.#socket.volatile.emit('presence', { operationId: room.operationId, state }, () => undefined);
  }

  close(): void {
    this.#socket.disconnect();
    this.#rooms.clear();
  }

  #enter(room: LiveRoom): void {
    if (room.status.state === 'ended') return;
    const answered = (answer: Answer<Entered>) => {
      if (answer.ok) {
        tellReceipts(answer.reply.receipts);
        room.moveTo({ state: 'live' });
        room.epochIs(answer.reply.aclEpoch);
        this.say(room, room.said);
      } else this.#refused(room, answer.refusal);
    };
    this.#socket.emit('room.enter', { operationId: room.operationId, since: room.cursor }, answered);
  }

  #refused(room: LiveRoom, refusal: RefusalOnWire): void {
    if (sessionCodes.has(refusal.code)) {
      this.#end(refusal);
      return;
    }
    if (finalCodes.has(refusal.code)) {
      room.moveTo({ state: 'ended', ending: refusal });
      return;
    }
    if (refusal.code === 'record.restored') {
      this.#rooms.delete(room.operationId);
      room.moveTo({ state: 'restored' });
      return;
    }
    clock.after((refusal.retryAfter ?? 2) * 1000, () => {
      if (this.#socket.connected && this.#rooms.get(room.operationId) === room) this.#enter(room);
    });
  }

  #lost(): void {
    for (const room of this.#rooms.values()) {
      if (room.status.state !== 'ended') room.moveTo({ state: 'offline', since: clock.now() });
    }
    // After a disconnect by the hub socket.io stays away unless told otherwise.
    clock.after(1000, () => {
      if (!this.#socket.active && this.#rooms.size > 0) this.#socket.connect();
    });
  }

  #failed(error: Error): void {
    for (const room of this.#rooms.values()) {
      if (room.status.state === 'connecting') room.moveTo({ state: 'offline', since: clock.now() });
    }
    if (sessionCodes.has(error.message)) {
      this.#end({ code: error.message, sentence: '' });
      return;
    }
    if (this.#socket.active) return;
    // The hub refused the connection itself, which socket.io does not repeat.
    clock.after(3000, () => {
      if (!this.#socket.active) this.#socket.connect();
    });
  }

  #end(ending: RefusalOnWire): void {
    this.close();
    this.#onSessionEnded(ending);
  }
}
