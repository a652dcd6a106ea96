import { IconHistoryOff } from '@tabler/icons-react';
import { useState } from 'react';

import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { nameOf, sayChange } from '#shared/board/change.ts';

import { type BoardDesk, useBoardsText } from '../board-context.ts';
import { boardOf, type LostEdit } from '../connection/lost-edits.ts';
import { ChangeDetail } from '../history/change-detail.tsx';
import { restoreInParts } from '../history/restore-dialog.tsx';
import { Banner } from './board-states.tsx';
import styles from './lost-edits.module.css';

type Props = {
  readonly edits: readonly LostEdit[];
  /** `null` where nothing may be changed. */
  readonly live: BoardDesk | null;
  readonly titleOf: (id: string) => string;
  readonly onSaveFile: () => void;
  readonly onDrop: () => void;
};

/** What this page knew and the restored record does not, for its officer to decide about. [CB-31] */
export function LostEdits(props: Props) {
  const { edits, onSaveFile } = props;
  const say = useBoardsText();
  const [open, setOpen] = useState(false);
  if (edits.length === 0) return null;
  return (
    <>
      <Banner tone="warn" icon={<IconHistoryOff size={16} />}>
        <span>
          {say('lostBanner', { count: edits.length })}
          <small>{say('lostHint')}</small>
        </span>
        <Button look="primary" onClick={() => setOpen(true)}>
          {say('lostLook')}
        </Button>
        <Button onClick={onSaveFile}>{say('lostFile')}</Button>
      </Banner>
      {open && <Review {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function Review({ edits, live, titleOf, onSaveFile, onDrop, onClose }: Props & { onClose: () => void }) {
  const say = useBoardsText();
  const [sure, setSure] = useState(false);
  const mine = edits.filter((one) => one.mine);
  const others = edits.filter((one) => !one.mine);
  const names = new Map(edits.map(({ id, was }) => [id, was ? nameOf(was) : '']));
  const title = (id: string) => names.get(id) || titleOf(id);
  const again = (chosen: readonly LostEdit[]) => {
    if (!live) return;
    makeAgain(live, chosen);
    toast(say('lostDone', { count: chosen.length }));
  };
  const group = { titleOf: title, onAgain: live && ((one: LostEdit) => again([one])) };
  return (
    <Dialog
      wide
      title={say('lostTitle')}
      closeLabel={say('close')}
      onClose={onClose}
      foot={
        <>
          <Button look={sure ? 'danger' : 'plain'} onClick={sure ? onDrop : () => setSure(true)}>
            {say(sure ? 'lostDropSure' : 'lostDrop')}
          </Button>
          <Button onClick={onSaveFile}>{say('lostFile')}</Button>
          {live && others.length > 0 && (
            <Button onClick={() => again(edits)}>{say('lostAll', { count: edits.length })}</Button>
          )}
          {live && mine.length > 0 && (
            <Button look="primary" onClick={() => again(mine)}>
              {say('lostAllMine', { count: mine.length })}
            </Button>
          )}
        </>
      }
    >
      <p className={styles.why}>{say('lostWhy')}</p>
      {!live && <p className={styles.why}>{say('lostReading')}</p>}
      {mine.length > 0 && <Group {...group} heading={say('lostMine')} edits={mine} />}
      {others.length > 0 && (
        <Group {...group} heading={say('lostOthers')} hint={say('lostOthersHint')} edits={others} />
      )}
    </Dialog>
  );
}

type GroupProps = {
  readonly heading: string;
  readonly hint?: string;
  readonly edits: readonly LostEdit[];
  readonly titleOf: (id: string) => string;
  readonly onAgain: ((edit: LostEdit) => void) | null;
};

function Group({ heading, hint, edits, titleOf, onAgain }: GroupProps) {
  return (
    <section className={styles.group}>
      <h3>{heading}</h3>
      {hint && <p className={styles.hint}>{hint}</p>}
      <ul>
        {edits.map((edit) => (
          <Row key={`${edit.record}/${edit.id}`} edit={edit} titleOf={titleOf} onAgain={onAgain} />
        ))}
      </ul>
    </section>
  );
}

type RowProps = Pick<GroupProps, 'titleOf' | 'onAgain'> & { readonly edit: LostEdit };

function Row({ edit, titleOf, onAgain }: RowProps) {
  const say = useBoardsText();
  const told = edit.changes.map((change) => ({ ...change, sentence: sayChange(change, titleOf) }));
  const [first] = told;
  if (!first) return null;
  const words = first.sentence;
  return (
    <li className={styles.row}>
      <details>
        <summary>
          {words}
          {told.length > 1 && (
            <span className={styles.more}> {say('lostMore', { count: told.length - 1 })}</span>
          )}
        </summary>
        <div className={styles.details}>
          {told.map((change) => (
            <ChangeDetail
              key={`${change.what} ${change.field}`}
              change={change}
              titled={told.length > 1}
              titleOf={titleOf}
              words={{ was: say('lostNow'), is: say('lostThen') }}
            />
          ))}
        </div>
      </details>
      {onAgain && (
        <Button aria-label={say('lostAgainLabel', { what: words })} onClick={() => onAgain(edit)}>
          {say('lostAgain')}
        </Button>
      )}
    </li>
  );
}

/** As new edits of this officer, in parts that the hub takes; frames before cards, cards before links. */
function makeAgain(live: BoardDesk, edits: readonly LostEdit[]): void {
  restoreInParts(live, { board: boardOf(edits), which: new Set(edits.map(({ id }) => id)) });
}
