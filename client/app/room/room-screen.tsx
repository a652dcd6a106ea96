import { lazy } from 'react';

import { Part } from './part.tsx';
import { RoomPanel } from './room-panel.tsx';
import styles from './room-screen.module.css';
import { useRoomUi } from './room-ui.tsx';

const BoardPlace = lazy(async () => ({ default: (await import('./board-place.tsx')).BoardPlace }));

/** The board in the middle, the side panel right. */
export function RoomScreen() {
  const { wide, front } = useRoomUi();
  return (
    <div className={styles.screen} data-wide={wide} data-front={front}>
      <main className={styles.board}>
        <Part>
          <BoardPlace />
        </Part>
      </main>
      <RoomPanel />
    </div>
  );
}
