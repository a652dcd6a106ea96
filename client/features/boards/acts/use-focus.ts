import { useCallback, useMemo, useState } from 'react';

type Selection = ReadonlySet<string>;

/** What the officer points at: selected cards and frames, one link, one thing being edited, and where Tab stands. */
export type BoardFocus = {
  readonly selection: Selection;
  readonly link: string | null;
  readonly editing: string | null;
  readonly roving: string | null;
  readonly select: (change: (before: Selection) => Selection) => void;
  readonly selectOnly: (...ids: string[]) => void;
  readonly chooseLink: (id: string | null) => void;
  readonly edit: (id: string | null) => void;
  readonly rove: (id: string | null) => void;
};

export function useFocus(): BoardFocus {
  const [selection, select] = useState<Selection>(new Set());
  const [link, setLink] = useState<string | null>(null);
  const [editing, edit] = useState<string | null>(null);
  const [roving, rove] = useState<string | null>(null);
  const selectOnly = useCallback((...ids: string[]) => {
    select(new Set(ids));
    setLink(null);
    if (ids[0] !== undefined) rove(ids[0]);
  }, []);
  const chooseLink = useCallback((id: string | null) => {
    setLink(id);
    if (id !== null) select(new Set());
  }, []);
  return useMemo(
    () => ({ selection, link, editing, roving, select, selectOnly, chooseLink, edit, rove }),
    [selection, link, editing, roving, selectOnly, chooseLink],
  );
}
