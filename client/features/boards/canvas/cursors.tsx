import { useStore, ViewportPortal } from '@xyflow/react';
import { useSyncExternalStore } from 'react';

import { useBoard } from '../board-context.ts';
import styles from './cursors.module.css';

/** Where the others point, in their colour and with their name, the same size at every zoom. */
export function Cursors() {
  const { desk } = useBoard();
  const others = useSyncExternalStore(desk.presence.subscribe, desk.presence.others);
  const zoom = useStore((state) => state.transform[2]);
  return (
    <ViewportPortal>
      {others.map(
        ({ client, cursor, name, country, colour }) =>
          cursor && (
            <div
              key={client}
              className={styles.cursor}
              style={{
                '--holder': colour,
                transform: `translate(${cursor.x}px, ${cursor.y}px) scale(${1 / zoom})`,
              }}
              aria-hidden="true"
            >
              <svg width="14" height="16" viewBox="0 0 14 16" aria-hidden="true">
                <path d="M1 1l4 13 2.5-5.5L13 6z" />
              </svg>
              <span>
                {name}
                {country && ` · ${country}`}
              </span>
            </div>
          ),
      )}
    </ViewportPortal>
  );
}
