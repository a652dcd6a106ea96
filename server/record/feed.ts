import type { Bus } from '#server/platform/bus/bus.ts';
import type { Announce, Hint, LogId } from '#server/platform/facts.ts';
import { rows, type Store, sql } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { every } from '#shared/kernel/clock.ts';
import { isId } from '#shared/kernel/ids.ts';

type Deps = {
  readonly store: Store;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
};

/** How growth of records reaches those who follow them, on this node and the others. */
export type Feed = {
  readonly announce: Announce;
  /** Hears every hint about `log`: maybe twice, maybe out of order, maybe with a gap. */
  follow(log: LogId, listener: (hint: Hint) => void): () => void;
  stop(): Promise<void>;
};

const CHANNEL = 'log';
/** A lost hint, or a silent bus, costs at most this much time: a removed officer's sockets are to be gone within a second. */
const HEAL_PERIOD = 600;

export async function startFeed({ store, bus, clock, onError }: Deps): Promise<Feed> {
  const followers = new Map<LogId, Set<(hint: Hint) => void>>();
  const endBus = await bus.subscribe(CHANNEL, (message) => {
    const hint = readHint(message);
    if (hint !== null) tell(hint);
  });
  const endHealing = every(clock, HEAL_PERIOD, heal);

  return {
    announce(hint) {
      tell(hint);
      bus.publish(CHANNEL, hint);
    },
    follow(log, listener) {
      const listeners = followers.get(log) ?? new Set();
      followers.set(log, listeners);
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) followers.delete(log);
      };
    },
    async stop() {
      endHealing();
      endBus();
    },
  };

  function tell(hint: Hint): void {
    for (const listener of followers.get(hint.log) ?? []) {
      try {
        listener(hint);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Reads the heads of what is followed here, so that nothing rests on the bus. */
  async function heal(): Promise<void> {
    const logs = [...followers.keys()];
    if (logs.length === 0) return;
    try {
      const heads = await store.read((tx) =>
        rows<{ id: LogId; head: number; epoch: number }>(
          tx,
          sql`select id, head, epoch from logs where id = any(${logs})`,
        ),
      );
      for (const { id, head, epoch } of heads) tell({ log: id, from: head, to: head, epoch });
    } catch (error) {
      onError(error);
    }
  }
}

function readHint(message: unknown): Hint | null {
  if (typeof message !== 'object' || message === null) return null;
  const { log, from, to, epoch, boardsOnly } = message as Record<string, unknown>;
  if (log !== 'hub' && !isId(log)) return null;
  if (!isCount(from) || !isCount(to) || !(epoch === null || isCount(epoch))) return null;
  return { log: log as LogId, from, to, epoch, boardsOnly: boardsOnly === true };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
