import { systemClock, systemRandom } from '#server/app/system.ts';
import type { Fact, LogId } from '#server/platform/facts.ts';
import { type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { makeAppends } from '#server/record/append.ts';
import { fact, newRecord, openRecordStore } from '#tests/record/support.ts';

import { type AppendFigures, spreadOf } from './figures.ts';

/** What a commit does besides: one row of state, as a message is. */
const state = (at: number) => sql`insert into bench_state (id, text) values (${at}, ${'x'.repeat(200)})`;

/** Each way of committing, with and without the record, in turns on one store. */
export async function measureAppend(kind: Store['kind'], commits: number): Promise<AppendFigures[]> {
  const { store, close } = await openRecordStore(kind);
  try {
    await store.write((tx) =>
      sql`create table bench_state (id bigint primary key, text text not null)`.execute(tx),
    );
    const log = await newRecord(store);
    const { append, appendTogether } = makeAppends({ clock: systemClock, random: systemRandom });
    const to = (facts: Fact[]) => ({ log: log as LogId, epoch: null, facts });
    let next = 0;
    const steps = async (recorded: boolean) => {
      next += 1;
      const at = next;
      await store.write(async (tx) => {
        await state(at).execute(tx);
        if (recorded) await append(tx, to([fact(`message ${at}`)]));
      });
    };
    const once = async (recorded: boolean) => {
      next += 1;
      const at = next;
      if (!recorded) {
        await store.write((tx: Tx) => state(at).execute(tx), 'one statement');
        return;
      }
      const ready = appendTogether.prepare([to([fact(`message ${at}`)])], () => ({
        hold: sql`select 1`,
        barred: sql`select null::text as log_id where false`,
        write: state(at),
        ask: sql`select ${log}::text, 0, 0`,
      }));
      const done = await store.write((tx) => ready.run(tx), 'one statement');
      if (!done.has(0)) throw new Error('the record was not as believed');
    };
    // Learns the head, and warms both ways up.
    for (let warm = 0; warm < 50; warm++)
      for (const way of [steps, once]) for (const on of [true, false]) await way(on);
    return [
      await inTurns(kind, 'transaction of steps', { commits, way: steps }),
      await inTurns(kind, 'one statement', { commits, way: once }),
    ];
  } finally {
    await close();
  }
}

async function inTurns(
  store: string,
  how: string,
  { commits, way }: { commits: number; way: (recorded: boolean) => Promise<void> },
): Promise<AppendFigures> {
  const took: Record<'true' | 'false', number[]> = { true: [], false: [] };
  for (let commit = 0; commit < commits; commit++) {
    // The one that comes first takes turns as well.
    for (const recorded of commit % 2 === 0 ? [true, false] : [false, true]) {
      const start = performance.now();
      await way(recorded);
      took[`${recorded}`].push(performance.now() - start);
    }
  }
  return { store, how, commits, without: spreadOf(took.false), with: spreadOf(took.true) };
}
