import { useEffect, useRef } from 'react';
import { useSearchParams } from 'react-router';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { Line } from './line.ts';
import { useLineAt } from './use-line-at.ts';

export type Linked = { readonly seq: number; readonly line: Line | null };

/**
 * The entry that the address names, `?entry=917`; its line is null when the reader may not see it, or it is not there.
 * `show` is told of it once for each time it is named.
 */
export function useLinkedLine(
  operationId: OperationId,
  show: (line: Line) => void,
): { readonly linked: Linked | undefined; readonly leave: () => void } {
  const [query, setQuery] = useSearchParams();
  const named = query.get('entry');
  const seq = named !== null && /^\d{1,9}$/.test(named) ? Number(named) : null;
  const { data: line } = useLineAt(operationId, seq);
  const newest = useRef(show);
  useEffect(() => {
    newest.current = show;
  });
  useEffect(() => {
    if (line) newest.current(line);
  }, [line]);
  const leave = () => {
    if (named !== null) setQuery({}, { replace: true });
  };
  return { linked: seq === null || line === undefined ? undefined : { seq, line }, leave };
}
