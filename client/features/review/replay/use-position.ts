import { useCallback, useEffect, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { clock } from '#client/platform/clock.ts';

/** Browsers count changes of the address: it follows once the slider rests. */
const REST = 350;

/** The place in the record that the address names, so that it can be linked to; the end without one. */
export function usePosition(size: number): readonly [number, (next: number) => void] {
  const [query, setQuery] = useSearchParams();
  const named = query.get('at');
  const wanted = named !== null && /^(-1|\d{1,9})$/.test(named) ? Number(named) : size - 1;
  const bound = Math.max(-1, Math.min(size - 1, wanted));
  const [position, setPosition] = useState(bound);
  const written = useRef(bound);
  // Somebody followed a link, or went back.
  useEffect(() => {
    if (bound === written.current) return;
    written.current = bound;
    setPosition(bound);
  }, [bound]);
  useEffect(() => {
    if (position === written.current) return;
    return clock.after(REST, () => {
      written.current = position;
      setQuery(
        (before) => {
          before.set('at', String(position));
          return before;
        },
        { replace: true },
      );
    });
  }, [position, setQuery]);
  const go = useCallback(
    (next: number) => setPosition(Math.max(-1, Math.min(size - 1, Math.round(next)))),
    [size],
  );
  return [position, go];
}
