import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { Me } from '#shared/contracts/identity.ts';

let ending: string | null = null;
let expected = false;
const listeners = new Set<() => void>();

function set(next: string | null): void {
  ending = next;
  for (const listener of listeners) listener();
}

/** Nobody's in particular, and on screen while people change: removed, they would be read again. */
const staying: ReadonlySet<unknown> = new Set(['me', 'hub', 'enrolment']);

/** Somebody else sits here now, or nobody: nothing read before stays. `me` is replaced, not removed: pages watch it. */
export function becomes(queries: QueryClient, me: Me | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => !staying.has(queryKey[0]) });
  queries.setQueryData(['me'], me);
}

/** The hub ended the session: forgets everything that was read under it, and says why. */
export function endSession(queries: QueryClient, sentence: string): void {
  const wasIn = queries.getQueryData(['me']) != null;
  becomes(queries, null);
  if (wasIn && !expected) set(sentence);
}

/** The person is signing out: the hub's word that the session is over is then no news. */
export function expectEnd(signingOut: boolean): void {
  expected = signingOut;
}

export function forgetEnding(): void {
  expected = false;
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

/** `out`: the person is signing out. `ended`: the hub ended the session, and nobody has signed in since. */
export function sessionNow(): 'in' | 'out' | 'ended' {
  if (expected) return 'out';
  return ending === null ? 'in' : 'ended';
}
