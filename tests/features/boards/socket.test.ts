import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';

import { BoardLink } from '#server/features/boards/engine/nodes/board-link.ts';
import { BoardSocket } from '#server/features/boards/engine/sockets/board-socket.ts';
import { Presence } from '#server/features/boards/engine/sockets/presence.ts';
import { sharedFrame } from '#server/features/boards/wire/shared-frame.ts';

import { memoryBus } from '#server/platform/bus/memory.ts';
import { asId } from '#shared/kernel/ids.ts';

import { ManualClock } from './manual-clock.ts';
import { firstLife, passFor } from './passes.ts';

const MiB = 1024 * 1024;

/** The far end of a socket that reads as slowly as told. */
class Wire {
  readonly protocol: string;
  bufferedAmount = 0;
  paused = false;
  pings = 0;
  terminated = false;
  closed: { code: number; reason: string } | null = null;
  readonly sent: Uint8Array[] = [];
  constructor(protocol = '') {
    this.protocol = protocol;
  }
  send(frame: Uint8Array): void {
    this.sent.push(frame);
    this.bufferedAmount += frame.length;
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  ping(): void {
    this.pings += 1;
  }
  terminate(): void {
    this.terminated = true;
  }
  close(code: number, reason: string): void {
    this.closed = { code, reason };
  }
}

function socketOf(clock: ManualClock, wire: Wire, name: Parameters<typeof passFor>[0] = 'tan'): BoardSocket {
  return new BoardSocket(wire as unknown as WebSocket, { pass: passFor(name), life: firstLife }, clock);
}

test('[BD-17] a silent socket is sent something at least every 12 seconds', () => {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = socketOf(clock, wire);
  for (let quarter = 0; quarter < 48; quarter++) {
    clock.pass(250);
    socket.tick(clock.now());
  }
  expect(wire.sent).toEqual([Uint8Array.from([1, 1, 0])]);
});

test('[BD-20] a reader that does not keep up gets no more updates, then one catching-up, then updates again', () => {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = socketOf(clock, wire);
  const frame = sharedFrame(new Uint8Array(700_000));
  const vector = () => Uint8Array.of(1);
  expect([socket.sendUpdate(frame, vector), socket.sendUpdate(frame, vector)]).toEqual([false, true]);
  expect([socket.sendUpdate(frame, vector), wire.sent.length]).toEqual([false, 2]);
  expect(socket.tick(clock.now())).toBeNull();
  wire.bufferedAmount = 100_000;
  expect([socket.tick(clock.now()), socket.tick(clock.now())]).toEqual([Uint8Array.of(1), null]);
  socket.sendAnswer(Uint8Array.of(1), () => Uint8Array.of(7));
  expect([socket.sendUpdate(sharedFrame(Uint8Array.of(8)), vector), wire.sent.slice(2)]).toEqual([
    false,
    [Uint8Array.of(7), Uint8Array.of(8)],
  ]);
});

test('[BD-20] a reader behind for 30 seconds, or by 8 MiB, is sent away to come again', () => {
  const clock = new ManualClock();
  const [slow, dead] = [new Wire(), new Wire()];
  const sockets = [socketOf(clock, slow), socketOf(clock, dead)];
  slow.bufferedAmount = 2 * MiB;
  dead.bufferedAmount = 9 * MiB;
  for (const socket of sockets) {
    socket.sendUpdate(sharedFrame(Uint8Array.of(1)), () => Uint8Array.of(1));
    socket.tick(clock.now());
  }
  expect([slow.closed, dead.closed]).toEqual([null, { code: 1013, reason: 'try.again' }]);
  clock.pass(30_250);
  sockets[0]?.tick(clock.now());
  expect(slow.closed).toEqual({ code: 1013, reason: 'try.again' });
});

test('[BD-21] changes that come too fast are read later, not refused', () => {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = socketOf(clock, wire);
  for (let n = 0; n < 200; n++) {
    socket.arrived(100);
    socket.settled();
  }
  expect(wire.paused).toBe(false);
  socket.arrived(100);
  expect([wire.paused, wire.closed]).toEqual([true, null]);
  clock.pass(20);
  expect(wire.paused).toBe(false);
});

test('[BD-21] what came in one piece is paid for whole before the socket is read again', () => {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = socketOf(clock, wire);
  for (let n = 0; n < 250; n++) {
    socket.arrived(100);
    socket.settled();
  }
  clock.pass(990);
  expect(wire.paused).toBe(true);
  clock.pass(10);
  expect(wire.paused).toBe(false);
});

test('[BD-49] messages of any kind, and questions what is missing, are read later when they come too fast', () => {
  const clock = new ManualClock();
  const [talker, asker, heavy] = [new Wire(), new Wire(), new Wire()];
  const talking = socketOf(clock, talker);
  for (let n = 0; n < 1600; n++) talking.heard(10);
  expect(talker.paused).toBe(false);
  talking.heard(10);
  const asking = socketOf(clock, asker);
  for (let n = 0; n < 9; n++) asking.asks();
  const full = socketOf(clock, heavy);
  for (let n = 0; n < 17; n++) full.heard(MiB);
  expect([talker.paused, asker.paused, heavy.paused]).toEqual([true, true, true]);
  clock.pass(3);
  expect([talker.paused, asker.paused, heavy.paused]).toEqual([false, true, true]);
  clock.pass(500);
  expect([asker.paused, heavy.paused, asker.closed, heavy.closed]).toEqual([false, false, null, null]);
});

test('[BD-48] a silent client that answers pings stays for ever, a line that answers nothing is dropped', () => {
  const clock = new ManualClock();
  const [silent, dead] = [new Wire(), new Wire()];
  const [onlooker, gone] = [socketOf(clock, silent), socketOf(clock, dead)];
  let answered = 0;
  const pass = (seconds: number) => {
    for (let quarter = 0; quarter < 4 * seconds; quarter++) {
      clock.pass(250);
      for (const socket of [onlooker, gone]) socket.tick(clock.now());
      for (; answered < silent.pings; answered++) onlooker.heard(0);
    }
  };
  pass(44);
  expect([silent.terminated, dead.terminated, dead.pings]).toEqual([false, false, 1]);
  pass(600);
  expect([silent.terminated, dead.terminated, silent.closed]).toEqual([false, true, null]);
});

test('[BD-48] a line that is not read because it was too quick is not taken for dead', () => {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = socketOf(clock, wire);
  for (let n = 0; n < 1600 + 400 * 60; n++) socket.heard(10);
  for (let quarter = 0; quarter < 4 * 59; quarter++) {
    clock.pass(250);
    socket.tick(clock.now());
  }
  expect([wire.paused, wire.pings, wire.terminated]).toEqual([true, 0, false]);
});

test('[BD-21] reading stops while 256 changes wait to be committed', () => {
  const clock = new ManualClock();
  const wire = new Wire();
  const socket = socketOf(clock, wire);
  for (let n = 0; n < 256; n++) {
    clock.pass(20);
    socket.arrived(100);
  }
  expect(wire.paused).toBe(true);
  for (let n = 0; n < 129; n++) socket.settled();
  expect(wire.paused).toBe(false);
});

test('[BD-16] a refusal is told once, where the client understands, and closes with the code of the catalogue', () => {
  const clock = new ManualClock();
  const [ours, stock] = [new Wire('muster-board.1'), new Wire()];
  for (const wire of [ours, stock]) {
    const socket = socketOf(clock, wire);
    socket.refuse('read.only');
    socket.refuse('update.invalid');
  }
  expect([ours.sent.map((frame) => frame[0]), stock.sent]).toEqual([[101], []]);
  expect([ours.closed, stock.closed]).toEqual([
    { code: 4403, reason: 'read.only' },
    { code: 4403, reason: 'read.only' },
  ]);
});

test('[BD-19] who leaves goes with the clock that is known, and a newer socket under the id stays', () => {
  const clock = new ManualClock();
  const [old, young] = [socketOf(clock, new Wire()), socketOf(clock, new Wire())];
  const wire = new Wire();
  const link = new BoardLink(
    { bus: memoryBus(), node: 'this', failed: () => undefined },
    asId('b'.repeat(32)),
  );
  const presence = new Presence(new Set([socketOf(clock, wire, 'chanida')]), {
    clock,
    link,
    ghost: () => undefined,
  });
  const all = () => true;
  presence.hear(old, [{ client: 5, clock: 3, state: '{}' }], all);
  presence.hear(young, [{ client: 5, clock: 4, state: '{}' }], all);
  presence.leave(old);
  clock.pass(50);
  expect(new TextDecoder().decode(wire.sent[0])).toContain('"name":"Tan Wei"');
  presence.leave(young);
  clock.pass(50);
  expect(wire.sent[1]).toEqual(Uint8Array.from([1, 8, 1, 5, 4, 4, ...new TextEncoder().encode('null')]));
  expect(wire.sent).toHaveLength(2);
});
