import { useSyncExternalStore } from 'react';

import type { Clock, Millis } from '#shared/kernel/clock.ts';

/** The browser's clock and its cryptographic chance: the only ambient ones of the client. */
export const clock: Clock = {
  now: () => Date.now(),
  after(delay, act) {
    const timer = setTimeout(act, delay);
    return () => clearTimeout(timer);
  },
};

export function randomBytes(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}

type Ticker = { at: Millis; readonly listeners: Set<() => void>; cancel: () => void };
const tickers = new Map<Millis, Ticker>();

function tickerOf(period: Millis): Ticker {
  const known = tickers.get(period);
  if (known) return known;
  const made: Ticker = { at: floor(clock.now(), period), listeners: new Set(), cancel: () => undefined };
  tickers.set(period, made);
  return made;
}

function floor(at: Millis, period: Millis): Millis {
  return at - (at % period);
}

function tick(ticker: Ticker, period: Millis): void {
  const now = clock.now();
  ticker.at = floor(now, period);
  for (const listener of ticker.listeners) listener();
  ticker.cancel = clock.after(period - (now % period) + 5, () => tick(ticker, period));
}

/** The time, rounded down to `period`; everything on screen that shows the same period changes together. */
export function useNow(period: Millis): Millis {
  return useSyncExternalStore(
    (listener) => {
      const ticker = tickerOf(period);
      ticker.listeners.add(listener);
      if (ticker.listeners.size === 1) tick(ticker, period);
      return () => {
        ticker.listeners.delete(listener);
        if (ticker.listeners.size === 0) ticker.cancel();
      };
    },
    () => tickerOf(period).at,
  );
}
