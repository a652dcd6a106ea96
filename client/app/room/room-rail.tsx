import { IconDatabase, IconHistory, IconId, IconMessages, IconSitemap, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useLocation, useNavigate } from 'react-router';

import { useUnread } from '#client/features/chat/use-chat.ts';
import { useText } from '#client/platform/text.ts';
import { classes } from '#client/ui/classes.ts';
import { can } from '#shared/policy/can.ts';
import { appText } from '../text.ts';
import styles from './room-rail.module.css';
import { useRoomUi } from './room-ui.tsx';
import { type PanelTab, useRoomActs, useRoomFacts } from './room-view.ts';

/** The places of the room. On a phone it stands at the bottom and also changes between them. */
export function RoomRail() {
  const say = useText('app', appText);
  const { operationId, me, actor } = useRoomFacts();
  const { tab, front, setFront, wide, setWide } = useRoomUi();
  const { showTab } = useRoomActs();
  const navigate = useNavigate();
  const inReview = useLocation().pathname.endsWith('/review');
  const unread = useUnread(operationId, me.officer);
  const onBoard = !inReview && !wide;
  const toBoard = () => {
    setFront('board');
    setWide(false);
    navigate(`/o/${operationId}`);
  };
  const panel = (which: PanelTab, icon: ReactNode, badge?: ReactNode) => (
    <Place
      label={say(`place.${which}`)}
      icon={icon}
      badge={badge}
      current={!inReview && tab === which}
      phone={!inReview && front === 'panel' && tab === which}
      onGo={() => {
        setWide(which === 'register' && (tab !== 'register' || !wide));
        showTab(which);
      }}
    />
  );
  const badge = unread > 0 && (
    <i role="img" aria-label={say('unread', { count: unread })}>
      {unread > 99 ? '99' : unread}
    </i>
  );
  return (
    <nav className={styles.rail} aria-label={say('rail')}>
      <Place
        label={say('place.board')}
        icon={<IconSitemap size={20} stroke={1.6} />}
        current={onBoard}
        main
        phone={!inReview && front === 'board'}
        onGo={toBoard}
      />
      {panel('chat', <IconMessages size={20} stroke={1.6} />, badge)}
      {panel('register', <IconDatabase size={20} stroke={1.6} />)}
      {panel('card', <IconId size={20} stroke={1.6} />)}
      {panel('people', <IconUsers size={20} stroke={1.6} />)}
      {can(actor, 'record.review') && (
        <>
          <hr />
          <Place
            label={say('place.review')}
            icon={<IconHistory size={20} stroke={1.6} />}
            current={inReview}
            main
            phone={inReview}
            onGo={() => navigate(`/o/${operationId}/review`)}
          />
        </>
      )}
    </nav>
  );
}

type PlaceProps = {
  readonly label: string;
  readonly icon: ReactNode;
  readonly badge?: ReactNode;
  readonly current: boolean;
  /** Fills the middle, rather than the side panel. */
  readonly main?: boolean;
  readonly phone: boolean;
  readonly onGo: () => void;
};

function Place({ label, icon, badge, current, main, phone, onGo }: PlaceProps) {
  return (
    <button
      type="button"
      className={classes(styles.place, main && styles.main, current && styles.current, phone && styles.phone)}
      title={label}
      aria-label={label}
      aria-current={current ? 'true' : undefined}
      onClick={onGo}
    >
      {icon}
      {badge}
    </button>
  );
}
