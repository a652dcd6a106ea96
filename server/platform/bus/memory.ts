import type { Bus } from './bus.ts';

/** The bus of a hub that is one process. Several `memoryBus` nodes over one `exchange` behave like several processes. */
export function memoryBus(exchange: MemoryExchange = new Map()): Bus {
  const mine = new Set<() => void>();
  return {
    publish(channel, message) {
      const text = JSON.stringify(message);
      for (const listener of exchange.get(channel) ?? []) queueMicrotask(() => listener(JSON.parse(text)));
    },
    async subscribe(channel, listener) {
      const listeners = exchange.get(channel) ?? new Set();
      exchange.set(channel, listeners);
      listeners.add(listener);
      const end = () => {
        listeners.delete(listener);
        mine.delete(end);
      };
      mine.add(end);
      return end;
    },
    healthy: () => true,
    async close() {
      for (const end of [...mine]) end();
    },
  };
}

export type MemoryExchange = Map<string, Set<(message: unknown) => void>>;
