import type { LogId } from '#server/platform/facts.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import { type Clock, every, isoTime } from '#shared/kernel/clock.ts';

type Deps = {
  readonly store: Store;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

/** Notices, on every node, that nobody signs. Work goes on meanwhile; what is unsigned is signed later. [RC-37] */
export type CheckpointWatch = {
  /** One sentence while checkpoints stall, else nothing. */
  alarms(): readonly string[];
  stop(): void;
};

const PERIOD = 10_000;
/** An entry this old without a checkpoint over it: the signer is away, or has stopped in doubt. */
const LATE = 30_000;

export function watchCheckpoints({ store, clock, onError }: Deps): CheckpointWatch {
  let alarm: string | null = null;
  const stop = every(clock, PERIOD, look);
  return { alarms: () => (alarm === null ? [] : [alarm]), stop };

  async function look(): Promise<void> {
    try {
      const late = await store.read((tx) =>
        rows<{ id: LogId; since: number }>(
          tx,
          sql`select l.id, e.at_ms as since from logs l
              join entries e on e.log_id = l.id
                and e.seq = coalesce((select max(c.size) from checkpoints c where c.log_id = l.id), 0)
              where e.at_ms <= ${clock.now() - LATE}`,
        ),
      );
      const since = Math.min(...late.map((one) => one.since));
      alarm =
        late.length === 0
          ? null
          : `checkpoints stall: ${late.length} of the records holds entries that nobody has signed since ${isoTime(since)}`;
    } catch (error) {
      onError(error);
    }
  }
}
