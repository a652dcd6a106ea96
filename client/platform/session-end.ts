import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

let ending: string | null = null;
const listeners = new Set<() => void>();

function set(next: string | null): void {
  ending = next;
  for (const listener of listeners) listener();
}

/** The hub ended the session: forgets everything that was read under it, and says why. */
export function endSession(queries: QueryClient, sentence: string): void {
  const wasIn = queries.getQueryData(['me']) != null;
  queries.clear();
  queries.setQueryData(['me'], null);
  if (wasIn) set(sentence);
}

export function forgetEnding(): void {
  set(null);
}

/** The sentence to show, until the person signs in again; `null` when no session was ended from outside. */
export function useSessionEnding(): string | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ending,
  );
}
