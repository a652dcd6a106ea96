import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { listEntries } from '#shared/contracts/review.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { groupOf } from '#shared/review/groups.ts';
import type { Line } from './line.ts';

export type Linked = { readonly seq: number; readonly line: Line | null };

/** One entry as a line of its own. */
export function useLineAt(operationId: OperationId, seq: number | null) {
  return useQuery({
    queryKey: operationKey(operationId, 'line-at', seq),
    queryFn: async ({ signal }): Promise<Linked> => {
      const wanted = seq ?? 0;
      const { entries } = await api(listEntries, { operationId, before: wanted + 1, limit: 1 }, { signal });
      const entry = entries.find((one) => one.seq === wanted);
      if (entry === undefined) return { seq: wanted, line: null };
      const { kind, outcome, at } = entry;
      const alone = { count: 1, firstSeq: wanted, firstAt: at, sentences: [], texts: [] };
      return { seq: wanted, line: { entry, group: groupOf(kind, outcome), ...alone } };
    },
    enabled: seq !== null,
    gcTime: 60_000,
  });
}

/** The entry that the address names, `?entry=917`; its line is null when the reader may not see it, or it is not there. */
export function useLinkedLine(operationId: OperationId): {
  readonly linked: Linked | undefined;
  readonly leave: () => void;
} {
  const [query, setQuery] = useSearchParams();
  const named = query.get('entry');
  const seq = named !== null && /^\d{1,9}$/.test(named) ? Number(named) : null;
  const found = useLineAt(operationId, seq);
  const leave = () => {
    if (named !== null) setQuery({}, { replace: true });
  };
  return { linked: seq === null ? undefined : found.data, leave };
}
