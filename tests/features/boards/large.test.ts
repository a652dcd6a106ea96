import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, test } from 'vitest';
import * as Y from 'yjs';

import { systemClock } from '#server/app/system.ts';
import { loadBoard } from '#server/features/boards/engine/board-log.ts';
import { sql } from '#server/platform/storage/store.ts';
import { asId, type BoardId, type CompartmentId, type OperationId } from '#shared/kernel/ids.ts';
import { fillBoard } from './fill.ts';
import { type BoardPeer, eventually } from './peer.ts';
import { stopBoardHubs } from './stores.ts';
import { openRoom, peerOf, put, type Room } from './support.ts';

afterAll(stopBoardHubs);

async function checkpointsOf({ hub, board }: Room): Promise<number> {
  const { rows } = await hub.store.read((tx) =>
    sql<{
      kept: number;
    }>`select count(*)::int as kept from board_checkpoints where board_id = ${board.id}`.execute(tx),
  );
  return rows[0]?.kept ?? 0;
}

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
  const place = {
    operation: asId<OperationId>(room.operation.id),
    board: asId<BoardId>(room.board.id),
    compartment: asId<CompartmentId>(room.operation.main),
  };
  return loadBoard(room.hub.store, place, systemClock);
}

test('[BD-23] [BD-27] a large board opens, and many join it at once while others go on', async () => {
  const room = await openRoom();
  await fillBoard(room, { cards: Math.ceil(edits / 20), edits, bytes: 900 });
  await timed(`opened from ${edits} entries without a checkpoint`, async () =>
    (await load(room)).document.destroy(),
  );
  // The first to come finds no checkpoint, and has it made.
  const two = peerOf(room, await room.hub.signIn('chanida'));
  await eventually(() => two.synced, 'the board is open', 60_000);
  await eventually(() => two.lastAck === two.sent, 'it is answered');
  for (let kept = 0; kept === 0; ) kept = await checkpointsOf(room);
  const size = Y.encodeStateAsUpdate(two.doc).length;
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
      if (officer !== undefined) crowd.push(peerOf(room, officer, { answers: false, applies: n < 2 }));
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
  for (const peer of crowd.slice(0, 2).filter(({ closed }) => closed === null)) {
    await eventually(
      () => JSON.stringify([...Y.decodeStateVector(Y.encodeStateVector(peer.doc))].sort()) === vector(),
      'whoever joined has everything',
    );
    peer.hangUp();
  }
  two.hangUp();
}, 600_000);
