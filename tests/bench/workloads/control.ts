import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { Crowd, type Shape } from '../load/crowd.ts';
import type { Seat } from '../load/dialects.ts';
import type { Job, Outcome } from '../load/job.ts';
import { until } from '../load/pace.ts';
import { Reader, Tally } from '../load/tracker.ts';

const stockReaders = 10;

// y-websocket listens for the end of the process once for each client.
process.setMaxListeners(3 * stockReaders);

/** The raw clients beside as many stock y-websocket clients on the same board: both must see the same, about as fast. */
export async function control(job: Job, shape: Shape): Promise<Outcome> {
  const crowd = await Crowd.gather(job, { ...shape, spare: stockReaders });
  const [board] = crowd.boards;
  const seats = board?.table.seats.slice(-stockReaders) ?? [];
  const tally = new Tally();
  const stock = seats.map((seat, at) => {
    const provider = stockClient(crowd.base(at), seat);
    const reader = new Reader(crowd.boards[0]?.ledger ?? missing(), tally);
    provider.doc.on('update', (update: Uint8Array) => {
      reader.hear(Buffer.from(update.buffer, update.byteOffset, update.length), performance.now());
    });
    return { provider, reader };
  });
  if (!(await until(() => stock.every(({ provider }) => provider.synced), 10_000)))
    throw new Error('no stock client');
  await crowd.settle();
  Object.defineProperty(tally, 'counts', { value: (at: number) => crowd.tally.counts(at) });
  const outcome = await crowd.measure();
  await until(() => stock.every(({ reader }) => reader.missing() === 0), 5_000);
  for (const { provider } of stock) {
    provider.destroy();
    provider.doc.destroy();
  }
  crowd.leave();
  const { p50, p99 } = tally.latencies.summary();
  return {
    ...outcome,
    more: {
      'stock delivered': tally.delivered,
      'stock expected': outcome.edits * stockReaders,
      'stock p50 ms': p50,
      'stock p99 ms': p99,
    },
  };
}

function stockClient(base: string, seat: Seat): WebsocketProvider {
  class WithCookie extends WebSocket {
    constructor(url: string, protocols?: string | string[]) {
      super(url, protocols, {
        headers: { origin: base, ...(seat.cookie !== null && { cookie: seat.cookie }) },
      });
    }
  }
  const path = seat.path.split('/');
  const room = path.pop() ?? '';
  return new WebsocketProvider(base.replace('http', 'ws') + path.join('/'), room, new Y.Doc(), {
    WebSocketPolyfill: WithCookie as unknown as typeof globalThis.WebSocket,
    disableBc: true,
  });
}

function missing(): never {
  throw new Error('no board');
}
