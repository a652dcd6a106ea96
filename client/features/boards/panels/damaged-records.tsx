import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';

import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { deleteCards } from '#shared/board/card.ts';
import { deleteFrames } from '#shared/board/frame.ts';
import { deleteLinks } from '#shared/board/link.ts';

import { useBoard, useBoardsText, useSnapshot } from '../board-context.ts';
import styles from './panels.module.css';

const remove = { cards: deleteCards, links: deleteLinks, frames: deleteFrames } as const;

/** What somebody else's program wrote and nobody can read. Never hidden, never in the way. */
export function DamagedRecords() {
  const { desk, writable } = useBoard();
  const { damaged } = useSnapshot(desk);
  const say = useBoardsText();
  const [open, setOpen] = useState(false);
  if (damaged.size === 0) return null;
  return (
    <>
      <button type="button" className={styles.damaged} onClick={() => setOpen(true)}>
        <IconAlertTriangle size={14} />
        {say('damaged', { count: damaged.size })}
      </button>
      {open && (
        <Dialog
          title={say('damaged', { count: damaged.size })}
          closeLabel={say('close')}
          onClose={() => setOpen(false)}
        >
          <p>{say('damagedWhy')}</p>
          <ul className={styles.links}>
            {[...damaged.values()].map((record) => (
              <li key={`${record.root}/${record.id}`} className={styles.damagedRow}>
                <code>
                  {record.root} {record.id.slice(0, 12)} · {record.reason}
                </code>
                {writable && (
                  <Button
                    onClick={() =>
                      desk.editing.act(null, (doc, origin) => remove[record.root](doc, [record.id], origin))
                    }
                  >
                    {say('damagedDelete')}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </Dialog>
      )}
    </>
  );
}
