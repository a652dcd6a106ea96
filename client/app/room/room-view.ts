import { createContext, useContext, useMemo } from 'react';

import type { Card } from '#shared/board/card.ts';
import type { Reference } from '#shared/contracts/chat.ts';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { Me } from '#shared/contracts/identity.ts';
import type { openOperation } from '#shared/contracts/operations.ts';
import { invariant } from '#shared/kernel/failures.ts';
import type { BoardId, IndicatorId, OperationId } from '#shared/kernel/ids.ts';
import type { Actor } from '#shared/policy/can.ts';

export type PanelTab = 'chat' | 'register' | 'card' | 'people';

/** What the Card tab shows. */
export type Shown =
  | { readonly kind: 'indicator'; readonly id: IndicatorId }
  | { readonly kind: 'card'; readonly card: Card; readonly board: BoardId };

/** The operation as this officer stands in it. */
export type RoomFacts = {
  readonly opened: ReplyOf<typeof openOperation>;
  readonly operationId: OperationId;
  readonly me: Me;
  readonly actor: Actor;
};

/** What the parts of the room tell each other, since none of them knows another. */
export type RoomActs = {
  readonly showTab: (tab: PanelTab) => void;
  readonly openIndicator: (id: IndicatorId) => void;
  readonly openReference: (reference: Reference) => void;
  readonly referInChat: (reference: Reference) => void;
  /** Goes to a card on its board and opens what the record says of it. */
  readonly openHistory: (card: string, board: BoardId) => void;
  readonly noteSelected: (shown: Shown | null) => void;
};

export const RoomFactsContext = createContext<RoomFacts | null>(null);
export const RoomActsContext = createContext<RoomActs | null>(null);

export function useRoomFacts(): RoomFacts {
  const facts = useContext(RoomFactsContext);
  invariant(facts, 'outside a room');
  return facts;
}

/** The room as the parts about its record know it. */
export function useRecordRoom() {
  const { opened, operationId, me, actor } = useRoomFacts();
  const { origin } = opened;
  const { name } = opened.operation;
  return useMemo(
    () => ({ operationId, name, origin, actor, desk: me.desk }),
    [operationId, name, origin, actor, me.desk],
  );
}

export function useRoomActs(): RoomActs {
  const acts = useContext(RoomActsContext);
  invariant(acts, 'outside a room');
  return acts;
}
