import fs from 'node:fs';
import path from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import pg from 'pg';

import { lockFolder } from './folder-lock.ts';
import { MessageDuplex } from './message-duplex.ts';
import { PlanningClient } from './planning-client.ts';
import { openStore, type Store } from './store.ts';

export type EmbeddedOptions = {
  readonly folder: string;
  /** The bundled worker and the prepared, empty database folder: both made by `npm run build`. */
  readonly workerFile: string;
  readonly imageFolder: string;
  /** Told once if the engine dies under way. */
  readonly onLost: (error: Error) => void;
};

export type EmbeddedStore = Store & {
  /** Commands answered and fsyncs made since the start: the proof that a commit is on disk. */
  counts(): Promise<{ commands: number; fsyncs: number }>;
};

/** PGlite behind `pg`, on a thread of its own, one connection: see docs/decisions/0002. */
export async function openEmbedded(options: EmbeddedOptions): Promise<EmbeddedStore> {
  const unlock = await lockFolder(options.folder);
  try {
    const data = path.join(options.folder, 'pg');
    await prepare(options.imageFolder, data);
    const { engine, port } = await startEngine(options, data);
    const store = openStore('embedded', poolOver(port), async () => {
      await stopEngine(engine);
      await unlock();
    });
    return { ...store, counts: () => askCounts(engine) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** Copies the prepared image beside the target, then renames it: a crash leaves either nothing or a whole one. */
async function prepare(image: string, data: string): Promise<void> {
  if (fs.existsSync(data)) return;
  const half = `${data}.new`;
  fs.rmSync(half, { recursive: true, force: true });
  await fs.promises.cp(image, half, { recursive: true });
  fs.renameSync(half, data);
  const folder = fs.openSync(path.dirname(data), 'r');
  fs.fsyncSync(folder);
  fs.closeSync(folder);
}

async function startEngine(
  options: EmbeddedOptions,
  folder: string,
): Promise<{ engine: Worker; port: MessagePort }> {
  const { port1, port2 } = new MessageChannel();
  const engine = new Worker(options.workerFile, {
    workerData: { folder, port: port2 },
    transferList: [port2],
  });
  await new Promise<void>((resolve, reject) => {
    engine.once('message', () => resolve());
    engine.once('error', reject);
    engine.once('exit', (code) => reject(new Error(`the embedded store stopped at start (${code})`)));
  });
  engine.removeAllListeners('exit');
  engine.once('error', options.onLost);
  return { engine, port: port1 };
}

function poolOver(port: MessagePort): pg.Pool {
  const pool = new pg.Pool({
    max: 1,
    idleTimeoutMillis: 0,
    connectionTimeoutMillis: 30_000,
    user: 'postgres',
    database: 'postgres',
    password: 'embedded',
    Client: PlanningClient,
    stream: () => new MessageDuplex(port),
  } as pg.PoolConfig);
  // When the engine dies, `onLost` is told, and whoever waits for an answer; without these it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function stopEngine(engine: Worker): Promise<void> {
  const stopped = new Promise<void>((resolve) => engine.once('exit', () => resolve()));
  engine.postMessage('close');
  await stopped;
}

function askCounts(engine: Worker): Promise<{ commands: number; fsyncs: number }> {
  return new Promise((resolve) => {
    engine.once('message', resolve);
    engine.postMessage('counts');
  });
}
