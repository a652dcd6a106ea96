import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';

import { type Say, useText } from '#client/platform/text.ts';
import type { Card, CardRef } from '#shared/board/card.ts';
import type { Person } from '#shared/contracts/common.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { BoardId, OfficerId, OperationId } from '#shared/kernel/ids.ts';
import type { Tlp } from '#shared/policy/markings.ts';

import type { BoardView } from './connection/board-view.ts';
import { type BoardSnapshot, BoardStore } from './model/board-store.ts';
import { BoardEditing } from './model/editing.ts';
import { BoardPresence } from './model/presence.ts';
import { boardsText } from './text.ts';

/** What the room fills in: the board knows neither the register nor the list of people. */
export type BoardSlots = {
  readonly me: Pick<Person, 'officer' | 'name' | 'country'>;
  /** The inside of a card that refers to an indicator or a task; without it the card shows its own title. */
  readonly renderRef?: (ref: CardRef, card: Card) => ReactNode;
  readonly personOf?: (officer: OfficerId) => Pick<Person, 'name' | 'country'> | null;
  /** Opens what a card refers to, where it is kept. */
  readonly onOpenRef?: (ref: CardRef) => void;
  /** The marking of a new card; AMBER without it. */
  readonly defaultTlp?: Tlp;
};

/** One replica, ready to be worked on. */
export type BoardDesk = {
  readonly store: BoardStore;
  readonly editing: BoardEditing;
  readonly presence: BoardPresence;
};

type BoardContextValue = BoardSlots & {
  readonly desk: BoardDesk;
  readonly writable: boolean;
  /** `refocus`: the keyboard goes back to the card. */
  readonly stopEditing: (refocus?: boolean) => void;
  /** Drops tool, selection and chosen link; the keys work on the board again. */
  readonly letAllGo: () => void;
};

export const BoardContext = createContext<BoardContextValue | null>(null);

/** Which board of which operation is on screen. */
export const BoardPlaceContext = createContext<BoardPlace | null>(null);
type BoardPlace = { readonly operationId: OperationId; readonly boardId: BoardId };

export function useBoardPlace(): BoardPlace {
  const value = useContext(BoardPlaceContext);
  invariant(value, 'outside a board');
  return value;
}

export function useBoard(): BoardContextValue {
  const value = useContext(BoardContext);
  invariant(value, 'outside a board');
  return value;
}

export function useBoardsText(): Say<typeof boardsText> {
  return useText('boards', boardsText);
}

/** A desk for the present replica; `null` for the moment of changing over. */
export function useBoardDesk(view: BoardView): BoardDesk | null {
  const [desk, setDesk] = useState<BoardDesk | null>(null);
  const { doc, awareness } = view;
  useEffect(() => {
    const made = {
      store: new BoardStore(doc),
      editing: new BoardEditing(doc),
      presence: new BoardPresence(awareness),
    };
    setDesk(made);
    return () => {
      setDesk(null);
      made.store.destroy();
      made.editing.destroy();
      made.presence.destroy();
    };
  }, [doc, awareness]);
  return desk;
}

export function useSnapshot(desk: BoardDesk): BoardSnapshot {
  return useSyncExternalStore(desk.store.subscribe, desk.store.snapshot);
}
