import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';

import { Answers } from '#server/features/boards/engine/answers.ts';
import { LiveDocument } from '#server/features/boards/engine/live-document.ts';
import { boardsToUnload } from '#server/features/boards/engine/loaded-boards.ts';
import { BoardSocket } from '#server/features/boards/engine/sockets/board-socket.ts';
import { updateFrame } from '#server/features/boards/wire/messages.ts';
import { sharedFrame } from '#server/features/boards/wire/shared-frame.ts';
import { ManualClock } from './manual-clock.ts';
import { firstLife, passFor } from './passes.ts';
import { has, put } from './support.ts';

/** A reader that applies what it is sent. */
function reader(clock: ManualClock) {
  const doc = new Y.Doc();
  const sent: Uint8Array[] = [];
  const ws = { protocol: '', bufferedAmount: 0, send: (frame: Uint8Array) => sent.push(frame) };
  return {
    doc,
    sent,
    socket: new BoardSocket(ws as unknown as WebSocket, { pass: passFor('tan'), life: firstLife }, clock),
  };
}

function documentOf(bytes: number): { document: LiveDocument; source: Y.Doc } {
  const source = new Y.Doc();
  for (let n = 0; n * 10_000 < bytes; n++) put(source, `card ${n}`, 'x'.repeat(10_000));
  const document = new LiveDocument();
  document.follow([Y.encodeStateAsUpdate(source)]);
  return { document, source };
}

/** Bytes of an answer or update frame: two type bytes and the length before them. */
function applied(frames: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc();
  for (const frame of frames) {
    let at = 2;
    while ((frame[at] ?? 0) >= 0x80) at += 1;
    Y.applyUpdate(doc, frame.subarray(at + 1));
  }
  return doc;
}

const nothing = Uint8Array.of(0);

test('[BD-27] a large answer is made once for all who ask from the same point, with what came since behind it', () => {
  const clock = new ManualClock();
  const answers = new Answers(clock);
  const { document, source } = documentOf(5 * 1024 * 1024);
  const readers = Array.from({ length: 200 }, () => reader(clock));
  let made = 0;
  const missing = document.missing.bind(document);
  document.missing = (vector) => {
    made += 1;
    return missing(vector);
  };
  for (const { socket } of readers) answers.ask(socket, nothing);
  answers.give(document);
  const served = () => readers.filter(({ sent }) => sent.length > 0).length;
  expect([made, served()]).toEqual([1, 1]);
  const before = Y.encodeStateVector(source);
  put(source, 'meanwhile');
  const update = Y.encodeStateAsUpdate(source, before);
  document.follow([update]);
  answers.passed(updateFrame(update));
  for (const { socket } of readers) socket.sendUpdate(sharedFrame(updateFrame(update)), () => nothing);
  for (let slices = 0; answers.pending; slices++) {
    expect(slices).toBeLessThan(200);
    answers.give(document);
  }
  expect([made, served()]).toEqual([1, 200]);
  for (const { sent } of [readers[0], readers[1], readers[150]].filter((one) => one !== undefined)) {
    expect(has(applied(sent), 'meanwhile')).toBe(true);
    expect(sent).toHaveLength(2);
  }
});

test('[BD-27] who has asked is passed no update before the answer, which has it', () => {
  const clock = new ManualClock();
  const answers = new Answers(clock);
  const { document } = documentOf(20_000);
  const { socket, sent } = reader(clock);
  answers.ask(socket, nothing);
  socket.sendUpdate(sharedFrame(updateFrame(Uint8Array.of(0, 0))), () => nothing);
  expect(sent).toEqual([]);
  answers.give(document);
  expect([sent.length, has(applied(sent), 'card 1'), answers.pending]).toEqual([1, true, false]);
});

test('[BD-50] answers prepared for many points are bounded, and none is kept longer than ten seconds', () => {
  const clock = new ManualClock();
  const answers = new Answers(clock);
  const { document } = documentOf(3 * 1024 * 1024);
  const missing = document.missing.bind(document);
  let made = 0;
  document.missing = (vector) => {
    made += 1;
    return missing(vector);
  };
  const ask = (client: number) => {
    const { socket, sent } = reader(clock);
    answers.ask(socket, Uint8Array.of(1, client, 1));
    answers.give(document);
    return sent.length;
  };
  // The first point is asked again when it has made room, and again while the last is kept.
  for (let client = 1; client <= 5; client++) ask(client);
  expect([ask(1), made]).toEqual([1, 6]);
  expect([ask(5), made]).toEqual([1, 6]);
  clock.pass(10_500);
  expect([ask(5), made]).toEqual([1, 7]);
});

test('[BD-28] of too many boards the idle ones go, longest left first; those with somebody at them stay', () => {
  const board = (name: string, leftAt: number, sockets: number, bytes: number, leavings = 1) => ({
    name,
    leftAt,
    leavings,
    sockets: new Set(Array.from({ length: sockets })),
    state: { bytes },
  });
  const MiB = 1024 * 1024;
  const live = [
    board('busy', 0, 3, 40 * MiB),
    board('old', 1, 0, 15 * MiB),
    board('awaited', 0, 0, 1 * MiB, 0),
    board('young', 9, 0, 15 * MiB),
    board('older still', 0, 0, 1 * MiB),
  ];
  const gone = boardsToUnload(live as unknown as Parameters<typeof boardsToUnload>[0]);
  expect(gone.map((actor) => Reflect.get(actor, 'name'))).toEqual(['older still', 'old']);
});
