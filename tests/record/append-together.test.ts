import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { systemRandom } from '#server/app/system.ts';
import type { AppendTo, Beside, LogId } from '#server/platform/facts.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { makeAppends } from '#server/record/append.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { newId } from '#shared/kernel/random.ts';
import { testWith } from '#tests/support/services.ts';

import {
  facts,
  grow,
  headOf,
  newRecord,
  openRecordStore,
  type RecordStore,
  random,
  storeKinds,
  TestClock,
} from './support.ts';

/* Appends to several records by one statement. */

type Appends = ReturnType<typeof makeAppends>;
const beginning = () => makeAppends({ clock: new TestClock(), random });

/** Records of which this node knows where they are. */
async function known(store: Store, { append }: Appends, count: number): Promise<OperationId[]> {
  const logs: OperationId[] = [];
  for (let made = 0; made < count; made++) {
    const log = await newRecord(store);
    await grow(store, append, log, 1 + made);
    logs.push(log);
  }
  return logs;
}

/** Asks of each append for the head below it, and writes a command for each record that is written. */
function beside(appends: readonly AppendTo[], barred: readonly LogId[] = []): Beside {
  const mark = newId(systemRandom);
  return {
    hold: sql`select 1 as place`,
    barred: sql`select log_id from unnest(${barred}::text[]) as t (log_id)`,
    write: sql`insert into commands (officer_id, command_id, call, reply, at_ms) select id, ${mark}, 'x', '', 0 from moved`,
    ask: sql`select t.log_id, t.place, l.head
             from unnest(${appends.map(({ log }) => log)}::text[], ${appends.map((_, place) => place)}::integer[]) as t (log_id, place)
             join logs l on l.id = t.log_id`,
  };
}

async function run(store: Store, { appendTogether }: Appends, appends: AppendTo[], barred: LogId[] = []) {
  const together = appendTogether.prepare(appends, () => beside(appends, barred));
  const asked = await store.write((tx) => together.run(tx), 'one statement');
  return { asked: Object.fromEntries(asked), seqs: together.recorded.map((of) => of.map(({ seq }) => seq)) };
}

async function expectWhole(store: Store, log: LogId, head: number): Promise<void> {
  const stored = await store.read((tx) =>
    rows<{ seq: number; opened: number | null }>(
      tx,
      sql`select e.seq, c.seq as opened from entries e
          left join entry_contents c on c.log_id = e.log_id and c.seq = e.seq where e.log_id = ${log} order by e.seq`,
    ),
  );
  expect(stored).toEqual(Array.from({ length: head }, (_, seq) => ({ seq, opened: seq })));
  expect(await headOf(store, log)).toBe(head);
}

async function commandsOf(store: Store, log: LogId): Promise<number> {
  const found = await store.read((tx) => rows(tx, sql`select 1 from commands where officer_id = ${log}`));
  return found.length;
}

function latch(): { opened: Promise<void>; open: () => void } {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

const to = (log: LogId, count: number, epoch: number | null = null): AppendTo => ({
  log,
  epoch,
  facts: facts(count),
});

describe.each(storeKinds)('%s', (kind) => {
  let ground: RecordStore;
  beforeAll(async () => {
    ground = await openRecordStore(kind);
  });
  afterAll(() => ground.close());

  test('[RC-28] several appends to several records stand by one statement, numbered on in their order', async () => {
    const { store } = ground;
    const node = beginning();
    const [a, b] = (await known(store, node, 2)) as [OperationId, OperationId];
    for (const round of [0, 1]) {
      const { asked, seqs } = await run(store, node, [to(a, 2), to(b, 1), to(a, 1)]);
      const [atA, atB] = [1 + 3 * round, 2 + round];
      expect(seqs).toEqual([[atA, atA + 1], [atB], [atA + 2]]);
      expect(asked).toEqual({ 0: atA, 1: atB, 2: atA });
    }
    await expectWhole(store, a, 7);
    await expectWhole(store, b, 4);
    expect([await commandsOf(store, a), await commandsOf(store, b)]).toEqual([2, 2]);
  });

  test('[RC-28] [RC-29] where another node has written, the epoch has moved, or something is barred, nothing stands; elsewhere all does', async () => {
    const { store } = ground;
    const node = beginning();
    const other = beginning();
    const logs = await known(store, node, 4);
    const [kept, overtaken, moved, barred] = logs as [OperationId, OperationId, OperationId, OperationId];
    await grow(store, other.append, overtaken, 1);
    await store.write((tx) => other.append(tx, { ...to(moved, 1, 0), movesEpoch: true }));
    const heads = await Promise.all(logs.map((log) => headOf(store, log)));
    const { asked } = await run(
      store,
      node,
      [to(barred, 1), to(moved, 1, 0), to(kept, 1, 0), to(overtaken, 1), to(barred, 1)],
      [barred],
    );
    expect(asked).toEqual({ 2: heads[0] });
    for (const [at, log] of logs.entries()) {
      await expectWhole(store, log, (heads[at] ?? 0) + (log === kept ? 1 : 0));
      expect(await commandsOf(store, log)).toBe(log === kept ? 1 : 0);
    }
    expect(logs.map((log) => node.appendTogether.believes({ log, epoch: null }))).toEqual([
      true,
      false,
      false,
      false,
    ]);
    // Whoever missed learns by the other way, and can go with the others again.
    for (const log of logs.slice(1)) await grow(store, node.append, log, 1);
    expect(node.appendTogether.believes({ log: moved, epoch: 0 })).toBe(false);
    const again = await run(
      store,
      node,
      logs.map((log) => to(log, 1)),
    );
    expect(Object.keys(again.asked)).toHaveLength(4);
  });
});

testWith('postgres')(
  '[RC-28] a record that somebody else is writing is not waited for, and keeps nobody waiting',
  async () => {
    const { store, close } = await openRecordStore('postgres');
    const node = beginning();
    const [free, busy] = (await known(store, node, 2)) as [OperationId, OperationId];
    const locked = latch();
    const done = latch();
    const writing = store.write(async (tx) => {
      await sql`select 1 from logs where id = ${busy} for update`.execute(tx);
      locked.open();
      await done.opened;
    });
    await locked.opened;
    // Would never come back if it waited: the other ends after it.
    const { asked } = await run(store, node, [to(busy, 1), to(free, 1)]);
    done.open();
    await writing;
    expect(asked).toEqual({ 1: 1 });
    await expectWhole(store, free, 2);
    await expectWhole(store, busy, 2);
    await close();
  },
);
