import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';

import type { SaveState } from '#client/features/boards/connection/save-state.ts';

type Held = { readonly save: SaveState | null; readonly setSave: (save: SaveState | null) => void };

const SaveContext = createContext<Held>({ save: null, setSave: () => undefined });

/** The board's save state, for the footer: only who reads it renders when it changes. */
export function SaveProvider({ children }: { readonly children: ReactNode }) {
  const [save, setSave] = useState<SaveState | null>(null);
  const held = useMemo(() => ({ save, setSave }), [save]);
  return <SaveContext value={held}>{children}</SaveContext>;
}

export function useSave(): Held {
  return useContext(SaveContext);
}
