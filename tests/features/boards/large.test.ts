import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, test } from 'vitest';
import * as Y from 'yjs';

import { loadBoard } from '#server/features/boards/engine/board-log.ts';
import { asId } from '#shared/kernel/ids.ts';
import { fillBoard } from './fill.ts';
import { type BoardPeer, eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { join, openRoom, peerOf, put, type Room } from './support.ts';

afterAll(stopBoardHubs);

/** Small here. For the figures of docs/benchmarks.md: MEASURE_EDITS=100000 MEASURE_JOINERS=200. */
const edits = Number(process.env.MEASURE_EDITS ?? 4_000);
const joiners = Number(process.env.MEASURE_JOINERS ?? 20);
const say = (line: string) => process.env.MEASURE_EDITS && process.stdout.write(`${line}\n`);

async function timed(what: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  say(`${what}: ${(performance.now() - start).toFixed(0)} ms`);
}

function load(room: Room) {
  return loadBoard(room.hub.store, {
    operation: asId(room.operation.id),
    board: asId(room.board.id),
    compartment: asId(room.operation.main),
  });
}

test('[BD-23] [BD-27] a large board opens, and many join it at once while others go on', async () => {
  const room = await openRoom();
  await fillBoard(room, { cards: Math.ceil(edits / 20), edits, bytes: 900 });
  await timed(`opened from ${edits} entries without a checkpoint`, async () =>
    (await load(room)).document.destroy(),
  );
  const [one, two] = [await join(room, 'tan.wei'), await join(room, 'chanida')];
  const size = Y.encodeStateAsUpdate(one.doc).length;
  await timed('opened from its checkpoint', async () => (await load(room)).document.destroy());

  const handles = ['tan.wei', 'chanida', 'sari', 'bruno'];
  const officers = await Promise.all(handles.map((handle) => room.hub.signIn(handle)));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const took: number[] = [];
  const crowd: BoardPeer[] = [];
  await timed(`${joiners} joined a board of ${(size / 1e6).toFixed(1)} MB`, async () => {
    for (let n = 0; n < joiners; n++) {
      const officer = officers[n % officers.length];
      if (officer !== undefined) crowd.push(peerOf(room, officer, { answers: false }));
    }
    for (let n = 0; crowd.some(({ synced, closed }) => !synced && closed === null); n++) {
      const start = performance.now();
      put(two.doc, `meanwhile ${n}`);
      await two.acknowledged();
      took.push(performance.now() - start);
    }
  });
  delay.disable();
  took.sort((a, b) => a - b);
  say(
    `edits meanwhile: ${took.length}, median ${took[took.length >> 1]?.toFixed(0)} ms, longest ${took.at(-1)?.toFixed(0)} ms`,
  );
  say(
    `loop delay of hub and clients in one process: p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms, longest ${(delay.max / 1e6).toFixed(0)} ms`,
  );
  const vector = () => JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(two.doc))].sort());
  for (const peer of crowd.filter(({ closed }) => closed === null)) {
    await eventually(
      () => JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(peer.doc))].sort()) === vector(),
      'whoever joined has everything',
    );
    peer.hangUp();
  }
  for (const peer of [one, two]) peer.hangUp();
}, 600_000);
