import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Me } from '#shared/contracts/identity.ts';

let ending: string | null = null;
const listeners = new Set<() => void>();

function set(next: string | null): void {
  ending = next;
  for (const listener of listeners) listener();
}

/** Somebody else sits here now, or nobody: nothing read before stays. `me` is replaced, not removed: pages watch it. */
export function becomes(queries: QueryClient, me: Me | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' && queryKey[0] !== 'hub' });
  queries.setQueryData(['me'], me);
}

/** The hub ended the session: forgets everything that was read under it, and says why. */
export function endSession(queries: QueryClient, sentence: string): void {
  const wasIn = queries.getQueryData(['me']) != null;
  becomes(queries, null);
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
