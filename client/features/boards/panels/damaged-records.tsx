import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { api } from '#client/platform/api.ts';
import { operationKey } from '#client/platform/query-client.ts';
import { utcStamp } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { deleteCards } from '#shared/board/card.ts';
import { deleteFrames } from '#shared/board/frame.ts';
import { deleteLinks } from '#shared/board/link.ts';
import { boardHistory } from '#shared/contracts/boards.ts';

import { useBoard, useBoardPlace, useBoardsText, useSnapshot } from '../board-context.ts';
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
                <span>
                  <code>
                    {record.root} {record.id.slice(0, 12)} · {record.reason}
                  </code>
                  <WrittenBy record={record.id} />
                </span>
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

/** Who wrote it last, as the record has it: what it says itself proves nothing. */
function WrittenBy({ record }: { readonly record: string }) {
  const say = useBoardsText();
  const { operationId, boardId } = useBoardPlace();
  const last = useQuery({
    queryKey: operationKey(operationId, 'board-writer', boardId, record),
    queryFn: ({ signal }) => api(boardHistory, { operationId, boardId, record, limit: 1 }, { signal }),
    gcTime: 0,
  });
  const act = last.data?.acts[0];
  if (last.isPending) return <small>{say('damagedReading')}</small>;
  if (!act) return <small>{say('damagedUnknown')}</small>;
  const who = act.by ? `${act.by.country} · ${act.by.name}, ${act.by.desk}` : say('damagedByHub');
  return <small>{say('damagedBy', { who, time: utcStamp(act.at), seq: act.seq })}</small>;
}
