import path from 'node:path';

import { openEmbedded } from '#server/platform/storage/embedded.ts';
import { openPostgres } from '#server/platform/storage/postgres.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';

const dist = path.resolve('dist');

export type StoredEntry = {
  readonly seq: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly outcome: string;
  readonly officer_id: string | null;
  readonly object_id: string | null;
  readonly bytes: Buffer;
  readonly leaf_hash: Buffer;
  readonly salt: Buffer | null;
  readonly payload: Buffer | null;
};

/** One record with everything that hangs on it, as the database alone has it. */
export type StoredRecord = {
  readonly log: string;
  readonly origin: string;
  readonly head: number;
  readonly entries: readonly StoredEntry[];
  readonly updates: readonly { board_id: string; seq: number }[];
  readonly messages: readonly { id: string; seq: number; text: string | null; author_id: string }[];
  readonly indicators: readonly { id: string; seq: number; value: string; added_by: string }[];
  readonly commands: readonly { officer_id: string; command_id: string; reply: string }[];
  readonly checkpoints: readonly { size: number; root: Buffer; note: string }[];
  readonly officers: ReadonlyMap<string, string>;
};

export type StorePlace = { readonly dataFolder: string; readonly databaseUrl?: string | undefined };

/** Past the hub: it must have ended where the store is embedded. */
export async function openStoreOf({ dataFolder, databaseUrl }: StorePlace): Promise<Store> {
  const onLost = () => undefined;
  if (databaseUrl !== undefined) return openPostgres({ url: databaseUrl, poolSize: 2, onLost });
  return openEmbedded({
    folder: dataFolder,
    workerFile: path.join(dist, 'embedded-worker.js'),
    imageFolder: path.join(dist, 'pg-image'),
    onLost,
  });
}

/** In one snapshot. */
export function readRecord(store: Store, log: string): Promise<StoredRecord> {
  return store.read(async (tx) => {
    const some = <Row>(query: ReturnType<typeof sql>) => rows<Row>(tx, query);
    const [held] = await some<{ origin: string; head: number }>(
      sql`select origin, head from logs where id = ${log}`,
    );
    if (held === undefined) throw new Error(`there is no record ${log}`);
    const people = await some<{ id: string; handle: string }>(sql`select id, handle from officers`);
    return {
      log,
      ...held,
      entries: await some<StoredEntry>(
        sql`select e.seq, e.at_ms, e.kind, e.outcome, e.officer_id, e.object_id, e.bytes, e.leaf_hash, c.salt, c.payload
            from entries e left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq
            where e.log_id = ${log} order by e.seq`,
      ),
      updates: await some<{ board_id: string; seq: number }>(
        sql`select u.board_id, u.seq from board_updates u join boards b on b.id = u.board_id
            where b.operation_id = ${log} order by u.seq`,
      ),
      messages: await some<{ id: string; seq: number; text: string; author_id: string }>(
        sql`select id, seq, text, author_id from messages where operation_id = ${log} order by seq`,
      ),
      indicators: await some<{ id: string; seq: number; value: string; added_by: string }>(
        sql`select id, seq, value, added_by from indicators where operation_id = ${log} order by seq`,
      ),
      commands: await some<{ officer_id: string; command_id: string; reply: string }>(
        sql`select officer_id, command_id, reply from commands`,
      ),
      checkpoints: await some<{ size: number; root: Buffer; note: string }>(
        sql`select size, root, note from checkpoints where log_id = ${log} order by size`,
      ),
      officers: new Map(people.map(({ id, handle }) => [id, handle])),
    };
  });
}
