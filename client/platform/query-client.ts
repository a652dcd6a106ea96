import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { endsSession, failureOf } from './failure.ts';
import { endSession } from './session-end.ts';

/** Refusals that end by waiting. */
const passing: ReadonlySet<string | null> = new Set(['try.again', 'too.many']);

function watch(error: unknown): void {
  if (endsSession(error)) endSession(queryClient, failureOf(error).message);
}

/** Replies stay until the record says that they changed; nothing is asked for again on a mere guess. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      networkMode: 'always',
      refetchOnWindowFocus: false,
      retry: (tries, error) => tries < 3 && passing.has(failureOf(error).code),
      retryDelay: (tries, error) => (failureOf(error).retryAfter ?? 2 ** tries) * 1000,
    },
    mutations: { networkMode: 'always' },
  },
});

/** Everything kept of one operation stands under this key, so that it can be dropped at once. */
export function operationKey(operationId: string, ...rest: readonly unknown[]): readonly unknown[] {
  return ['operation', operationId, ...rest];
}
