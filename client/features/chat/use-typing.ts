import { useEffect, useMemo, useRef } from 'react';

import { clock } from '#client/platform/clock.ts';
import { useSayPresence } from '#client/platform/live-context.tsx';

/** Tells the room that I am writing, until three seconds after the last key. */
export function useTyping(): { readonly start: () => void; readonly stop: () => void } {
  const sayPresence = useSayPresence();
  const cancel = useRef<(() => void) | null>(null);
  const typing = useMemo(() => {
    const stop = () => {
      cancel.current?.();
      cancel.current = null;
      sayPresence({ typing: false });
    };
    const start = () => {
      cancel.current?.();
      sayPresence({ typing: true });
      cancel.current = clock.after(3000, stop);
    };
    return { start, stop };
  }, [sayPresence]);
  useEffect(() => typing.stop, [typing]);
  return typing;
}
