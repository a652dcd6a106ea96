import { IconArrowBarLeft, IconArrowBarRight } from '@tabler/icons-react';
import { useId } from 'react';

import { useUnread } from '#client/features/chat/use-chat.ts';
import { RegisterPanel } from '#client/features/indicators/register/register-panel.tsx';
import { useRegisterTotal } from '#client/features/indicators/use-indicators.ts';
import { PeoplePanel } from '#client/features/operations/people-panel.tsx';
import { useText } from '#client/platform/text.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { Tabs } from '#client/ui/controls/tabs.tsx';
import { appText } from '../text.ts';
import { CardPanel } from './card-panel.tsx';
import { ChatPlace } from './chat-place.tsx';
import { Part } from './part.tsx';
import styles from './room-screen.module.css';
import { useRoomUi } from './room-ui.tsx';
import { useRoomActs, useRoomFacts } from './room-view.ts';

export function RoomPanel() {
  const say = useText('app', appText);
  const id = useId();
  const { tab, wide, setWide } = useRoomUi();
  const { showTab } = useRoomActs();
  const { operationId, me } = useRoomFacts();
  const unread = useUnread(operationId, me.officer);
  const total = useRegisterTotal(operationId);
  return (
    <aside className={styles.panel} aria-label={say('panel')}>
      <div className={styles.tabs}>
        <Tabs
          label={say('panel')}
          panel={id}
          chosen={tab}
          onChoose={showTab}
          tabs={[
            {
              id: 'chat',
              label: say('tab.chat'),
              badge: unread > 0 && (
                <span className={styles.badge} role="img" aria-label={say('unread', { count: unread })}>
                  {unread}
                </span>
              ),
            },
            {
              id: 'register',
              label: say('tab.register'),
              badge: total !== null && <span className={styles.total}>{total.toLocaleString('en')}</span>,
            },
            { id: 'card', label: say('tab.card') },
            { id: 'people', label: say('tab.people') },
          ]}
        />
        <IconButton label={say(wide ? 'panel.narrow' : 'panel.widen')} onClick={() => setWide(!wide)}>
          {wide ? <IconArrowBarRight size={16} /> : <IconArrowBarLeft size={16} />}
        </IconButton>
      </div>
      <div id={id} role="tabpanel" className={styles.content}>
        <Part key={tab}>
          <PanelContent />
        </Part>
      </div>
    </aside>
  );
}

function PanelContent() {
  const { tab, shown } = useRoomUi();
  const { openIndicator } = useRoomActs();
  const { operationId, opened, actor, me } = useRoomFacts();
  switch (tab) {
    case 'chat':
      return <ChatPlace />;
    case 'register':
      return (
        <RegisterPanel
          operationId={operationId}
          actor={actor}
          compartments={opened.compartments}
          chosen={shown?.kind === 'indicator' ? shown.id : null}
          onOpen={openIndicator}
        />
      );
    case 'card':
      return <CardPanel />;
    case 'people':
      return <PeoplePanel opened={opened} actor={actor} me={me} />;
  }
}
