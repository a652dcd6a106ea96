import { useState } from 'react';

import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { partsOf, planRestore, type RestoreStep } from '#shared/board/plan-restore.ts';
import { restoreBoard } from '#shared/board/restore.ts';
import type { Json } from '#shared/kernel/canonical-json.ts';

import { type BoardDesk, useBoardsText } from '../board-context.ts';
import styles from './history.module.css';

/** `which`: these records, or all; `title`: of the one card meant. */
export type Wish = {
  readonly board: Json;
  readonly which: 'all' | ReadonlySet<string>;
  readonly title: string | null;
};

type Props = {
  readonly wish: Wish;
  readonly time: string;
  readonly live: BoardDesk;
  readonly onClose: () => void;
  readonly onDone: () => void;
};

/** Below what the hub takes as one change (256 KiB), undoing it included. */
const MOST_BYTES = 200_000;

/** Says what a restore will do before it does it. */
export function RestoreDialog({ wish, time, live, onClose, onDone }: Props) {
  const say = useBoardsText();
  const { doc } = live.editing;
  const [steps] = useState(() => planRestore(doc, wish.board, wish.which));
  const parts = partsOf(steps, MOST_BYTES).length;
  const title =
    wish.title === null
      ? say('restoreAllTitle', { time })
      : say('restoreCardTitle', { title: wish.title || say('untitled'), time });
  const restore = () => {
    restoreInParts(live, wish);
    toast(say('restored'));
    onClose();
    onDone();
  };
  const loses = steps.some(({ what }) => what === 'deleted');
  return (
    <Dialog
      title={title}
      closeLabel={say('close')}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{say(steps.length === 0 ? 'close' : 'restoreCancel')}</Button>
          {steps.length > 0 && (
            <Button look={loses ? 'danger' : 'primary'} onClick={restore}>
              {say('restoreDo')}
            </Button>
          )}
        </>
      }
    >
      {steps.length === 0 ? <p>{say('restoreSame')}</p> : <What steps={steps} />}
      {steps.length > 0 && <p className={styles.how}>{say('restoreHow')}</p>}
      {parts > 1 && <p className={styles.how}>{say('restoreParts', { count: parts })}</p>}
    </Dialog>
  );
}

const kinds = ['frame', 'card', 'link'] as const;
const whats = ['back', 'changed', 'deleted'] as const;
const MOST_NAMES = 5;

function What({ steps }: { readonly steps: readonly RestoreStep[] }) {
  const say = useBoardsText();
  const lines = whats.flatMap((what) =>
    kinds.flatMap((record) => {
      const found = steps.filter((step) => step.what === what && step.record === record);
      if (found.length === 0) return [];
      const named = found.slice(0, MOST_NAMES).map(({ name }) => (name ? `“${name}”` : say('untitled')));
      const more = found.length - named.length;
      const list = named.join(', ');
      const names = more > 0 ? say('restoreAndMore', { names: list, count: more }) : list;
      return [say(`restore_${what}_${record}`, { count: found.length, names })];
    }),
  );
  return (
    <ul className={styles.what}>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}

/** As it stands at this moment, not when the dialog opened: somebody may have gone on working. [CB-24] */
export function restoreInParts(
  { editing }: BoardDesk,
  { board, which }: Pick<Wish, 'board' | 'which'>,
): void {
  for (const part of partsOf(planRestore(editing.doc, board, which), MOST_BYTES)) {
    editing.act(null, (doc, origin) => restoreBoard(doc, board, part, origin));
  }
}
