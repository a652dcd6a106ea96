import * as Y from 'yjs';

import { systemRandom } from '#server/app/system.ts';
import { addCard } from '#shared/board/card.ts';
import { newCardId } from '#shared/board/document.ts';
import { asId, type OfficerId } from '#shared/kernel/ids.ts';

import { Connection } from '../load/connection.ts';
import { Crowd, type Shape } from '../load/crowd.ts';
import type { Job, Outcome } from '../load/job.ts';
import { Latencies } from '../load/latencies.ts';
import { sleep, until } from '../load/pace.ts';
import { usageOf } from '../load/procs.ts';

const size = 5 * 1024 * 1024;
const loaders = 10;
const joiners = 200;

/** Two hundred open a board of 5 MB at once while a few go on working on it. */
export async function joinStorm(job: Job, shape: Shape): Promise<Outcome> {
  const crowd = await Crowd.gather(job, { ...shape, spare: joiners });
  await crowd.settle();
  const seats = crowd.boards[0]?.table.seats.slice(-joiners) ?? [];
  const open = (at: number) => {
    const seat = seats[at];
    if (seat === undefined) throw new Error('a seat that is not there');
    return Connection.open({ base: crowd.base(at), dialect: job.dialect, seat, reader: null });
  };
  await fill(await Promise.all(Array.from({ length: loaders }, (_, at) => open(at))));
  const joined = new Latencies();
  const before = usageOf(job.servers, []).resident;
  let peak = before;
  let last: number | null = null;
  const crowded: Connection[] = [];
  const outcome = await crowd.measure([], async () => {
    const start = performance.now();
    const joining = Array.from({ length: joiners }, async (_, at) => {
      const connection = await open(at);
      crowded.push(connection);
      if (await until(() => connection.synced, 60_000)) joined.record(performance.now() - start);
    });
    const all = Promise.all(joining).then(() => {
      last = performance.now() - start;
    });
    while (last === null) {
      peak = Math.max(peak, usageOf(job.servers, []).resident);
      await Promise.race([sleep(50), all]);
    }
  });
  const whole = crowded.filter(({ answerBytes }) => answerBytes > size).length;
  for (const connection of crowded) connection.destroy();
  crowd.leave();
  return {
    ...outcome,
    more: {
      'joined with the whole board': whole,
      'join p50 ms': joined.quantile(0.5),
      'all joined after ms': last,
      'memory peak MB': (peak - before) / 1e6,
    },
  };
}

/** Cards with long texts until the board has its size, by several officers at once. */
async function fill(connections: readonly Connection[]): Promise<void> {
  await until(() => connections.every(({ synced }) => synced), 10_000);
  for (const connection of connections) {
    const doc = new Y.Doc();
    doc.on('update', (update: Uint8Array) => connection.edit(update, 0));
    const texts = Math.ceil((size * 1.02) / 8000 / connections.length);
    for (let at = 0; at < texts; at++) {
      const place = {
        id: newCardId(systemRandom),
        kind: 'evidence',
        x: 260 * at,
        y: 9000,
        tlp: 'AMBER',
      } as const;
      const text = `Statement ${at}. `.repeat(800).slice(0, 8000);
      addCard(doc, { ...place, createdBy: asId<OfficerId>('0b'.repeat(16)), text }, { bench: true });
    }
    doc.destroy();
  }
  await until(() => connections.every((one) => one.isAcknowledged), 30_000);
  await sleep(1_000);
  for (const connection of connections) connection.destroy();
}
