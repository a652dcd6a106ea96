import type { Announce, Append } from '#server/platform/facts.ts';
import { oneRow, rows, type Store, sql } from '#server/platform/storage/store.ts';
import { theHub } from '#server/record/author.ts';
import { type Clock, every, isoTime } from '#shared/kernel/clock.ts';
import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';

type Deps = {
  readonly store: Store;
  readonly append: Append;
  readonly announce: Announce;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

const PERIOD = 60_000;

/** Writes on the record that a retention date has passed: once for each date, whichever node is first. [LC-15] */
export function watchRetention(deps: Deps): () => void {
  const { store, clock, onError } = deps;
  return every(clock, PERIOD, async () => {
    try {
      const today = isoTime(clock.now()).slice(0, 10);
      const due = await store.read((tx) =>
        rows<{ id: OperationId }>(
          tx,
          sql`select id from operations where retain_until < ${today}::date and not retention_told
                and state not in ('purging', 'purged')`,
        ),
      );
      for (const { id } of due) await tell(deps, id, today);
    } catch (error) {
      onError(error);
    }
  });
}

async function tell({ store, append, announce }: Deps, id: OperationId, today: string): Promise<void> {
  const recorded = await store.write(async (tx) => {
    const passed = await oneRow<{ until: string; main: CompartmentId }>(
      tx,
      sql`update operations set retention_told = true
          from compartments c
          where operations.id = ${id} and retain_until < ${today}::date and not retention_told
            and c.operation_id = operations.id and c.name = 'main'
          returning to_char(retain_until, 'YYYY-MM-DD') as until, c.id as main`,
    );
    if (passed === null) return [];
    const fact = {
      kind: 'retention.passed' as const,
      by: theHub,
      object: { kind: 'operation', id },
      compartment: passed.main,
      outcome: 'ok' as const,
      command: null,
      body: { until: passed.until },
    };
    return append(tx, { log: id, epoch: null, facts: [fact] });
  });
  const [at] = recorded;
  if (at) announce({ log: id, from: at.seq, to: at.seq + 1, epoch: null });
}
