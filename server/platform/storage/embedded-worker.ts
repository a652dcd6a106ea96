import fs from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';

import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/**
 * PostgreSQL in WebAssembly on a thread of its own. It is one session: whatever arrives is answered in order.
 * Made durable in three steps, because as shipped it promises nothing at power loss: no `-F`; WAL synced by `fsync`
 * (its `fdatasync` is a no-op); and an `fsync` for the NODEFS streams, which have none.
 */
const settings: Record<string, string> = {
  search_path: 'public',
  exit_on_error: 'false',
  log_checkpoints: 'false',
  max_worker_processes: '0',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  io_method: 'sync',
  // Nothing gathers statistics here and the one session lasts for weeks: a plan made while a table was empty, for a
  // foreign key say, would read the whole table for ever. With this, it goes by the index from the first day.
  enable_seqscan: 'off',
  fsync: 'on',
  wal_sync_method: 'fsync',
  synchronous_commit: 'on',
};

type FileStream = { nfd?: number };

const { folder, port } = workerData as { folder: string; port: MessagePort };
const counts = { commands: 0, fsyncs: 0 };

/** The folder as a file system whose `fsync` is real from before the first write. */
class SyncedFolder extends NodeFS {
  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const made = await super.init(...given);
    const preRun = made.emscriptenOpts.preRun ?? [];
    const steps = Array.isArray(preRun) ? preRun : [preRun];
    return { emscriptenOpts: { ...made.emscriptenOpts, preRun: [...steps, syncForReal] } };
  }
}

const db = new PGlite({
  fs: new SyncedFolder(folder),
  startParams: [
    '--single',
    '-O',
    '-j',
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ],
});
await db.waitReady;

port.on('message', async (message: Uint8Array) => {
  counts.commands += 1;
  port.postMessage(await db.execProtocolRaw(message, { throwOnError: false }));
});

parentPort?.on('message', async (order: 'close' | 'counts') => {
  if (order === 'counts') {
    parentPort?.postMessage({ ...counts });
    return;
  }
  await db.close();
  process.exit(0);
});
parentPort?.postMessage('ready');

function syncForReal(engine: object): void {
  const operations: unknown = Reflect.get(Object(Reflect.get(engine, 'NODEFS')), 'stream_ops');
  if (typeof operations !== 'object' || operations === null)
    throw new Error('the embedded store has no NODEFS');
  Reflect.set(operations, 'fsync', (stream: FileStream) => {
    if (stream.nfd === undefined) return 0;
    counts.fsyncs += 1;
    fs.fdatasyncSync(stream.nfd);
    return 0;
  });
}
