import { useCallback, useRef, useState } from 'react';

import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import { type Moment, type Past, usePast } from './use-past.ts';

export type HistoryView = {
  readonly open: boolean;
  /** The history of this card or frame only. */
  readonly about: string | null;
  readonly past: Past;
  readonly toggle: () => void;
  readonly openAbout: (id: string | null) => void;
  readonly close: () => void;
  readonly showAt: (moment: Moment | null) => void;
  /** What is selected on the board, live or past. */
  readonly noteSelected: (id: string | null) => void;
  readonly selected: string | null;
};

/** Whether the history is open, what of, and which moment the board shows. */
export function useHistoryView(operationId: OperationId, boardId: BoardId): HistoryView {
  const [open, setOpen] = useState(false);
  const [about, setAbout] = useState<string | null>(null);
  const [selected, setSelected] = useState<string | null>(null);
  const [moment, showAt] = useState<Moment | null>(null);
  const now = useRef({ open, selected });
  now.current = { open, selected };
  const past = usePast(operationId, boardId, moment);
  const close = useCallback(() => {
    setOpen(false);
    setAbout(null);
    showAt(null);
  }, []);
  const openAbout = useCallback((id: string | null) => {
    setAbout(id);
    setOpen(true);
  }, []);
  const toggle = useCallback(() => {
    if (now.current.open) close();
    else openAbout(now.current.selected);
  }, [close, openAbout]);
  const noteSelected = useCallback((id: string | null) => {
    setSelected(id);
    // Whoever looks at one card's history and takes another means that one.
    if (id !== null) setAbout((before) => (before === null ? null : id));
  }, []);
  return { open, about, past, toggle, openAbout, close, showAt, noteSelected, selected };
}
