import { IconSitemap } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo } from 'react';
import { ChatPanel } from '#client/features/chat/chat-panel.tsx';
import type { Offer } from '#client/features/chat/slots.ts';
import { useChat } from '#client/features/chat/use-chat.ts';
import { indicatorDrag, readDragged } from '#client/features/indicators/indicator-drag.ts';
import { IndicatorChip } from '#client/features/indicators/register-card.tsx';
import { findIndicators } from '#client/features/indicators/use-indicators.ts';
import { useMembers } from '#client/features/operations/use-operations.ts';
import { useSayPresence } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import type { Reference } from '#shared/contracts/chat.ts';
import { asId, type IndicatorId } from '#shared/kernel/ids.ts';
import { can } from '#shared/policy/can.ts';
import { isAtWork } from '#shared/policy/lifecycle.ts';
import { appText } from '../text.ts';
import styles from './card-panel.module.css';
import { useRoomActs, useRoomFacts } from './room-view.ts';
import { useBoards } from './use-boards.ts';

/** The chat, told what it can name and point at in this room. */
export function ChatPlace() {
  const { operationId, opened, actor, me } = useRoomFacts();
  const { openReference } = useRoomActs();
  const sayPresence = useSayPresence();
  useEffect(() => {
    sayPresence({ place: 'chat' });
    return () => sayPresence({ place: 'board' });
  }, [sayPresence]);
  const people = useNamable();
  const findOffers = useCallback(
    async (text: string): Promise<readonly Offer[]> => {
      const found = await findIndicators(operationId, text);
      return found.map(({ id, display, handling }) => offerOf(id, display, handling.tlp));
    },
    [operationId],
  );
  const renderReference = useCallback(
    (reference: Reference) =>
      reference.kind === 'indicator' ? (
        <IndicatorChip
          operationId={operationId}
          id={asId<IndicatorId>(reference.id)}
          onOpen={() => openReference(reference)}
        />
      ) : (
        <BoardChip reference={reference} />
      ),
    [operationId, openReference],
  );
  return (
    <ChatPanel
      operationId={operationId}
      me={me.officer}
      silenced={can(actor, 'chat.post') ? null : isAtWork(actor.operation) ? 'observer' : 'closed'}
      deskCount={opened.desks.length}
      compartments={opened.compartments}
      people={people}
      findOffers={findOffers}
      mayDrop={(data) => data.types.includes(indicatorDrag)}
      offerDropped={(data) => {
        const dragged = readDragged(data);
        return dragged && offerOf(dragged.id, dragged.title, dragged.tlp);
      }}
      renderReference={renderReference}
    />
  );
}

function offerOf(id: string, title: string, tlp: Offer['tlp']): Offer {
  return { reference: { kind: 'indicator', id, board: null }, title, tlp };
}

/** Members, or for partners those whose messages they see. */
function useNamable() {
  const { operationId, actor } = useRoomFacts();
  const members = useMembers(operationId, can(actor, 'people.list'));
  const chat = useChat(operationId);
  const listed = members.data?.members;
  const messages = chat.data?.messages;
  return useMemo(() => {
    if (listed) return listed;
    return [...new Map((messages ?? []).map(({ author }) => [String(author.officer), author])).values()];
  }, [listed, messages]);
}

function BoardChip({ reference }: { readonly reference: Reference }) {
  const say = useText('app', appText);
  const { operationId } = useRoomFacts();
  const { openReference } = useRoomActs();
  const boards = useBoards(operationId);
  const boardId = reference.kind === 'board' ? reference.id : reference.board;
  const board = boards.data?.boards.find((each) => each.id === boardId)?.title ?? '…';
  return (
    <button type="button" className={styles.chip} onClick={() => openReference(reference)}>
      <IconSitemap size={13} stroke={1.7} />
      {say(reference.kind === 'board' ? 'card.board' : 'card.on-board', { board })}
    </button>
  );
}
