import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useDraft } from '#client/features/chat/draft.ts';
import type { Reference } from '#shared/contracts/chat.ts';
import { asId, type IndicatorId } from '#shared/kernel/ids.ts';
import { type PanelTab, type RoomActs, RoomActsContext, type Shown, useRoomFacts } from './room-view.ts';

type RoomUiState = {
  readonly tab: PanelTab;
  readonly shown: Shown | null;
  /** The panel over most of the board, for tables. */
  readonly wide: boolean;
  readonly setWide: (wide: boolean) => void;
  /** On a phone one thing at a time is on screen. */
  readonly front: 'board' | 'panel';
  readonly setFront: (front: 'board' | 'panel') => void;
};

const RoomUiContext = createContext<RoomUiState>({
  tab: 'chat',
  shown: null,
  wide: false,
  setWide: () => undefined,
  front: 'board',
  setFront: () => undefined,
});

export function useRoomUi(): RoomUiState {
  return useContext(RoomUiContext);
}

/** What is open in the room. The acts never change, so that the board is not drawn again for a change of tab. */
export function RoomUi({ children }: { readonly children: ReactNode }) {
  const { operationId } = useRoomFacts();
  const [tab, setTab] = useState<PanelTab>('chat');
  const [shown, setShown] = useState<Shown | null>(null);
  const [wide, setWide] = useState(false);
  const [front, setFront] = useState<'board' | 'panel'>('board');
  const { draft, change } = useDraft(operationId);
  const goTo = useGoTo();
  const now = useRef({ draft, change, goTo });
  useEffect(() => {
    now.current = { draft, change, goTo };
  });
  const acts = useMemo<RoomActs>(() => {
    const showTab = (next: PanelTab) => {
      setTab(next);
      setFront('panel');
      now.current.goTo(null);
    };
    const openIndicator = (id: IndicatorId) => {
      setShown({ kind: 'indicator', id });
      setWide(false);
      showTab('card');
    };
    const openReference = ({ kind, id, board }: Reference) => {
      if (kind === 'indicator') return openIndicator(asId<IndicatorId>(id));
      setFront('board');
      now.current.goTo(kind === 'board' ? { board: id } : { board: board ?? '', card: id });
    };
    const referInChat = (reference: Reference) => {
      const { references } = now.current.draft;
      const held = references.some((each) => each.id === reference.id);
      if (!held) now.current.change({ references: [...references, reference] });
      showTab('chat');
    };
    const openHistory = (card: string, board: string) => {
      setFront('board');
      now.current.goTo({ board, card, history: '' });
    };
    return { showTab, openIndicator, openReference, referInChat, openHistory, noteSelected: setShown };
  }, []);
  const state = useMemo(() => ({ tab, shown, wide, setWide, front, setFront }), [tab, shown, wide, front]);
  return (
    <RoomActsContext value={acts}>
      <RoomUiContext value={state}>{children}</RoomUiContext>
    </RoomActsContext>
  );
}

/** To the board place: `null` keeps the board that is on screen. */
function useGoTo() {
  const { operationId } = useRoomFacts();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const home = `/o/${operationId}`;
  return (query: Record<string, string> | null) => {
    if (query) navigate(`${home}?${new URLSearchParams(query)}`);
    else if (pathname !== home) navigate(home);
  };
}
