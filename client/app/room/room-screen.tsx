import { lazy, Suspense } from 'react';

import { useText } from '#client/platform/text.ts';
import { Loading } from '#client/ui/states/states.tsx';
import { appText } from '../text.ts';
import { RoomPanel } from './room-panel.tsx';
import styles from './room-screen.module.css';
import { useRoomUi } from './room-ui.tsx';

const BoardPlace = lazy(async () => ({ default: (await import('./board-place.tsx')).BoardPlace }));

/** The board in the middle, the side panel right. */
export function RoomScreen() {
  const say = useText('app', appText);
  const { wide, front } = useRoomUi();
  return (
    <div className={styles.screen} data-wide={wide} data-front={front}>
      <main className={styles.board}>
        <Suspense fallback={<Loading label={say('room.loading')} />}>
          <BoardPlace />
        </Suspense>
      </main>
      <RoomPanel />
    </div>
  );
}
