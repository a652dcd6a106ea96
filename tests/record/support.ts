import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Append, Fact, LogId } from '#server/platform/facts.ts';
import { openEmbedded } from '#server/platform/storage/embedded.ts';
import { migrate } from '#server/platform/storage/migrate.ts';
import { openPostgres } from '#server/platform/storage/postgres.ts';
import { oneRow, rows, type Store, sql } from '#server/platform/storage/store.ts';
import { openLog } from '#server/platform/telemetry/log.ts';
import { makeAppend } from '#server/record/append.ts';
import { type RecordSigner, type SignerAlarm, startSigner } from '#server/record/signer.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { hex } from '#shared/kernel/encoding.ts';
import { asId, type OperationId } from '#shared/kernel/ids.ts';
import { emptyRoot, Frontier } from '#shared/record/tree.ts';
import { freshDatabase } from '#tests/support/postgres.ts';
import { serviceFor } from '#tests/support/services.ts';

const root = path.resolve(import.meta.dirname, '../..');
export const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
export const START = Date.UTC(2026, 10, 23, 12);

/** The stores that every test of the record runs on: the embedded one, and PostgreSQL where there is one. */
export const storeKinds: readonly Store['kind'][] =
  serviceFor('postgres') === undefined ? ['embedded'] : ['embedded', 'postgres'];

export type RecordStore = { readonly store: Store; readonly folder: string; close(): Promise<void> };

/** An empty store with all its tables. */
export async function openRecordStore(kind: Store['kind']): Promise<RecordStore> {
  const folder = scratchFolder();
  const database = kind === 'postgres' ? await freshDatabase() : null;
  const onLost = () => undefined;
  const store =
    database === null
      ? await openEmbedded({
          folder: path.join(folder, 'data'),
          workerFile: path.join(root, 'dist/embedded-worker.js'),
          imageFolder: path.join(root, 'dist/pg-image'),
          onLost,
        })
      : await openPostgres({ url: database.url, poolSize: 10, onLost });
  await migrate(store, path.join(root, 'server/migrations'));
  return {
    store,
    folder,
    async close() {
      await store.close();
      await database?.drop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function scratchFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'muster-record-'));
}

/** Stands still until it is moved. */
export class TestClock implements Clock {
  #now = START;
  readonly #due = new Set<{ at: number; act: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delay: number, act: () => void): () => void {
    const one = { at: this.#now + delay, act };
    this.#due.add(one);
    return () => this.#due.delete(one);
  }

  advance(by: number): void {
    this.#now += by;
    for (const one of [...this.#due]) {
      if (one.at > this.#now || !this.#due.delete(one)) continue;
      one.act();
    }
  }
}

/** Looks again and again until it holds. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const late = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > late) throw new Error(`waited in vain for ${what}`);
    await new Promise((resume) => setImmediate(resume));
  }
}

/** A record without entries. */
export async function newRecord(store: Store): Promise<OperationId> {
  const id = asId<OperationId>(hex(random.bytes(16)));
  await store.write((tx) => sql`insert into logs (id, origin) values (${id}, ${originOf(id)})`.execute(tx));
  return id;
}

export function originOf(log: LogId): string {
  return log === 'hub' ? 'hub.example/hub' : `hub.example/op/${log}`;
}

export function fact(text: string, change: Partial<Fact> = {}): Fact {
  return {
    kind: 'message.posted',
    by: { kind: 'hub' },
    object: null,
    compartment: null,
    outcome: 'ok',
    command: null,
    body: { text },
    ...change,
  };
}

export const facts = (count: number): Fact[] =>
  Array.from({ length: count }, (_, at) => fact(`message ${at}`));

/** Adds this many entries in one transaction. */
export async function grow(store: Store, append: Append, log: LogId, count: number): Promise<void> {
  await store.write((tx) => append(tx, { log, epoch: null, facts: facts(count) }));
}

export function appendAt(clock: Clock): Append {
  return makeAppend({ clock, random });
}

export type StoredNote = { readonly size: number; readonly root: Buffer; readonly note: string };

export function checkpointsOf(store: Store, log: LogId): Promise<StoredNote[]> {
  return store.read((tx) =>
    rows(tx, sql`select size, root, note from checkpoints where log_id = ${log} order by size`),
  );
}

export async function sizesOf(store: Store, log: LogId): Promise<number[]> {
  return (await checkpointsOf(store, log)).map(({ size }) => size);
}

export async function headOf(store: Store, log: LogId): Promise<number> {
  const row = await store.read((tx) =>
    oneRow<{ head: number }>(tx, sql`select head from logs where id = ${log}`),
  );
  return row?.head ?? -1;
}

/** Root of the first `size` entries, from their leaf hashes alone. */
export async function rootOf(store: Store, log: LogId, size: number): Promise<Uint8Array> {
  const leaves = await store.read((tx) =>
    rows<{ leaf_hash: Buffer }>(
      tx,
      sql`select leaf_hash from entries where log_id = ${log} and seq < ${size} order by seq`,
    ),
  );
  const tree = new Frontier();
  for (const { leaf_hash } of leaves) tree.append(leaf_hash);
  return size === 0 ? emptyRoot() : tree.root();
}

/** What a restored backup does: the first `size` entries and nothing that came after them. */
export async function putBack(store: Store, log: LogId, size: number): Promise<void> {
  await store.write(async (tx) => {
    await sql`set local session_replication_role = replica`.execute(tx);
    await sql`delete from entry_contents where log_id = ${log} and seq >= ${size}`.execute(tx);
    await sql`delete from entries where log_id = ${log} and seq >= ${size}`.execute(tx);
    await sql`delete from checkpoints where log_id = ${log} and size > ${size}`.execute(tx);
    await sql`delete from tree_nodes where log_id = ${log}
              and (idx + 1) * (1::bigint << level) > (select coalesce(max(size), 0) from checkpoints where log_id = ${log})`.execute(
      tx,
    );
    await sql`update logs set head = ${size} where id = ${log}`.execute(tx);
  });
}

export type TestSigner = { readonly signer: RecordSigner; readonly alarms: SignerAlarm[] };

export function signerAt(
  store: Store,
  folder: string,
  more: { readonly clock?: Clock; readonly batch?: number } = {},
): TestSigner {
  const alarms: SignerAlarm[] = [];
  const signer = startSigner({
    store,
    folder,
    random,
    clock: more.clock ?? new TestClock(),
    log: openLog('silent'),
    onAlarm: (alarm) => alarms.push(alarm),
    ...(more.batch === undefined ? {} : { batch: more.batch }),
  });
  return { signer, alarms };
}
