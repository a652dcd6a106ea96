import { IconHistory, IconId, IconMessagePlus } from '@tabler/icons-react';
import { IndicatorDetail } from '#client/features/indicators/indicator-detail.tsx';
import { useMembers } from '#client/features/operations/use-operations.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import { StateScreen } from '#client/ui/states/states.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Card } from '#shared/board/card.ts';
import type { BoardId } from '#shared/kernel/ids.ts';
import { can } from '#shared/policy/can.ts';
import { appText } from '../text.ts';
import styles from './card-panel.module.css';
import { useRoomUi } from './room-ui.tsx';
import { useRoomActs, useRoomFacts } from './room-view.ts';

/** What was chosen last, on a board, in the register or in a message. */
export function CardPanel() {
  const say = useText('app', appText);
  const { shown } = useRoomUi();
  const { operationId, opened, actor, me } = useRoomFacts();
  const { openIndicator, referInChat } = useRoomActs();
  if (shown === null)
    return (
      <StateScreen icon={<IconId size={28} stroke={1.4} />} title={say('card.pick-title')}>
        {say('card.pick')}
      </StateScreen>
    );
  if (shown.kind === 'card') return <BoardCard card={shown.card} board={shown.board} />;
  return (
    <IndicatorDetail
      key={shown.id}
      operationId={operationId}
      id={shown.id}
      compartments={opened.compartments}
      desk={can(actor, 'indicator.add') ? me.desk : null}
      onOpen={openIndicator}
      onRefer={(id) => referInChat({ kind: 'indicator', id, board: null })}
    />
  );
}

function BoardCard({ card, board }: { readonly card: Card; readonly board: BoardId }) {
  const say = useText('app', appText);
  const { operationId, actor } = useRoomFacts();
  const { referInChat, openHistory } = useRoomActs();
  const members = useMembers(operationId, can(actor, 'people.list'));
  const author = members.data?.members.find((member) => member.officer === card.createdBy);
  return (
    <div className={styles.card}>
      <div className={styles.top}>
        <Pill>{card.kind}</Pill>
        <Tlp label={card.tlp} />
      </div>
      <h2>{card.title || say('card.untitled')}</h2>
      <p className={styles.text}>{card.text}</p>
      {author && (
        <p className={styles.by}>{say('card.by', { name: `${author.name} · ${author.country}` })}</p>
      )}
      {can(actor, 'chat.post') && (
        <Button onClick={() => referInChat({ kind: 'card', id: card.id, board })}>
          <IconMessagePlus size={15} />
          {say('card.refer')}
        </Button>
      )}
      <Button onClick={() => openHistory(card.id, board)}>
        <IconHistory size={15} />
        {say('card.history')}
      </Button>
    </div>
  );
}
