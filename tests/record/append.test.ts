import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { EpochMoved } from '#server/platform/facts.ts';
import { rows, sql } from '#server/platform/storage/store.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { parseEntry } from '#shared/record/entry.ts';

import {
  appendAt,
  fact,
  facts,
  grow,
  headOf,
  newRecord,
  openRecordStore,
  type RecordStore,
  START,
  signerAt,
  storeKinds,
  TestClock,
} from './support.ts';

const WRITERS = 4;
const ROUNDS = 25;

class GivenUp extends Error {}

describe.each(storeKinds)('%s', (kind) => {
  let ground: RecordStore;
  beforeAll(async () => {
    ground = await openRecordStore(kind);
  });
  afterAll(() => ground.close());

  test('[RC-28] four writers at once, some of which give up, leave every place once and no gap', async () => {
    const { store } = ground;
    const log = await newRecord(store);
    const kept: unknown[] = [];
    const write = async (writer: number) => {
      const append = appendAt(new TestClock());
      for (let round = 0; round < ROUNDS; round++) {
        const gaveUp = (writer + round) % 3 === 0;
        const count = 1 + ((writer * round) % 4);
        const places = store.write(async (tx) => {
          const recorded = await append(tx, { log, epoch: 0, facts: facts(count) });
          if (gaveUp) throw new GivenUp();
          return recorded;
        });
        if (gaveUp) await expect(places).rejects.toThrow(GivenUp);
        else kept.push(...(await places));
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    const stored = await store.read((tx) =>
      rows<{ seq: number; bytes: Buffer; opened: number | null }>(
        tx,
        sql`select e.seq, e.bytes, c.seq as opened from entries e
            left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq where e.log_id = ${log} order by e.seq`,
      ),
    );
    expect(stored.map(({ seq, opened, bytes }) => [seq, opened, seqIn(bytes)])).toEqual(
      Array.from({ length: kept.length }, (_, seq) => [seq, seq, seq]),
    );
    expect(await headOf(store, log)).toBe(kept.length);
  });

  test('[RC-28] time on a record stands still rather than going back', async () => {
    const { store } = ground;
    const log = await newRecord(store);
    const [ahead, behind] = [new TestClock(), new TestClock()];
    ahead.advance(5_000);
    await grow(store, appendAt(ahead), log, 1);
    await grow(store, appendAt(behind), log, 2);
    const stored = await store.read((tx) =>
      rows<{ at_ms: number; bytes: Buffer }>(
        tx,
        sql`select at_ms, bytes from entries where log_id = ${log} order by seq`,
      ),
    );
    expect(stored.map(({ at_ms, bytes }) => [at_ms, JSON.parse(bytes.toString()).t])).toEqual(
      Array(3).fill([START + 5_000, isoTime(START + 5_000)]),
    );
  });

  test('[RC-29] once the epoch has moved nothing commits under the former one, on any node', async () => {
    const { store } = ground;
    const log = await newRecord(store);
    const [here, there] = [appendAt(new TestClock()), appendAt(new TestClock())];
    const act = (append: typeof here, epoch: number, movesEpoch = false) =>
      store.write(async (tx) => {
        await sql`insert into commands (officer_id, command_id, call, reply, at_ms)
                  values (${log}, ${`${epoch} ${movesEpoch}`}, 'x', '', 0)`.execute(tx);
        return append(tx, { log, epoch, movesEpoch, facts: [fact('an act')] });
      });
    expect(await act(there, 0)).toMatchObject([{ seq: 0 }]);
    expect(await act(here, 0, true)).toMatchObject([{ seq: 1 }]);
    for (const append of [here, there]) {
      await expect(
        store.write(async (tx) => {
          await sql`insert into commands (officer_id, command_id, call, reply, at_ms)
                    values (${log}, 'late', 'x', '', 0)`.execute(tx);
          return append(tx, { log, epoch: 0, facts: [fact('too late')] });
        }),
      ).rejects.toThrow(EpochMoved);
    }
    expect(await act(there, 1)).toMatchObject([{ seq: 2 }]);
    const kept = await store.read((tx) =>
      rows<{ command_id: string }>(
        tx,
        sql`select command_id from commands where officer_id = ${log} order by command_id`,
      ),
    );
    expect(kept.map(({ command_id }) => command_id)).toEqual(['0 false', '0 true', '1 false']);
    expect(await headOf(store, log)).toBe(3);
  });

  test.each(['entries', 'entry_contents', 'tree_nodes', 'checkpoints'])(
    '[RC-30] the database refuses to change, delete or truncate %s',
    async (table) => {
      const { store, folder } = ground;
      const log = await newRecord(store);
      await grow(store, appendAt(new TestClock()), log, 4);
      const { signer } = signerAt(store, `${folder}/signer`);
      await signer.cover(log, 4, 0);
      await signer.stop();
      const before = await everything(table);
      const name = sql.table(table);
      for (const change of [
        sql`update ${name} set log_id = log_id where log_id = ${log}`,
        sql`delete from ${name} where log_id = ${log}`,
        sql`truncate ${name} cascade`,
      ]) {
        await expect(store.write((tx) => change.execute(tx))).rejects.toThrow('the record is append-only');
      }
      expect(await everything(table)).toEqual(before);
      expect(before.length).toBeGreaterThan(0);
    },
  );

  test('[RC-30] a record cannot be deleted or truncated', async () => {
    const log = await newRecord(ground.store);
    for (const change of [sql`delete from logs where id = ${log}`, sql`truncate logs cascade`]) {
      await expect(ground.store.write((tx) => change.execute(tx))).rejects.toThrow(
        'the record is append-only',
      );
    }
    expect(await headOf(ground.store, log)).toBe(0);
  });

  function everything(table: string): Promise<unknown[]> {
    return ground.store.read((tx) => rows(tx, sql`select * from ${sql.table(table)} order by 1, 2, 3`));
  }
});

function seqIn(bytes: Buffer): number | null {
  const parsed = parseEntry(bytes);
  return parsed.ok ? parsed.entry.seq : null;
}
