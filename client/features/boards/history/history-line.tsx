import { IconChevronDown, IconServer2 } from '@tabler/icons-react';
import { memo, useId, useState } from 'react';

import { bothStamps, localTime, utcSeconds } from '#client/platform/time.ts';
import { classes } from '#client/ui/classes.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { Avatar } from '#client/ui/item/avatar.tsx';
import type { BoardAct } from '#shared/contracts/boards.ts';

import { useBoardsText } from '../board-context.ts';
import { ChangeDetail } from './change-detail.tsx';
import styles from './history.module.css';
import type { HistoryLine as Line } from './model/fold.ts';
import { type Moment, momentOf } from './use-past.ts';

type Props = {
  readonly line: Line;
  /** The entry after which the board is shown now. */
  readonly shown: number | null;
  readonly onShow: (moment: Moment) => void;
  readonly names: ReadonlyMap<string, string>;
  readonly titleOf: (id: string) => string;
};

export const HistoryLine = memo(function HistoryLine({ line, shown, onShow, names, titleOf }: Props) {
  const say = useBoardsText();
  const details = useId();
  const [open, setOpen] = useState(false);
  const { newest, entries, changes } = line;
  const count = entries.size;
  const inside = shown !== null && entries.has(shown);
  return (
    <article className={classes(styles.line, inside && styles.shown)}>
      <button
        type="button"
        data-act={newest.seq}
        className={styles.act}
        aria-pressed={shown === newest.seq}
        title={say('historyShow')}
        onClick={() => onShow(momentOf(newest))}
      >
        <Face act={newest} />
        <span className={styles.words}>
          <b>{who(newest, say)}</b> {summaryOf(line, say)}
          {changes.length > 1 && (
            <span className={styles.others}> {say('historyOthers', { count: changes.length - 1 })}</span>
          )}
          <When act={newest}>
            {say(count === 1 ? 'historyEntry' : 'historyEntries', { seq: newest.seq, count: count - 1 })}
          </When>
        </span>
      </button>
      <IconButton
        label={say('historyDetails')}
        aria-expanded={open}
        aria-controls={details}
        className={styles.chevron}
        onClick={() => setOpen(!open)}
      >
        <IconChevronDown size={15} />
      </IconButton>
      {open && (
        <div id={details} className={styles.details}>
          {changes.map((change) => (
            <ChangeDetail
              key={`${change.record} ${change.id} ${change.what} ${change.field}`}
              change={change}
              titled={changes.length > 1}
              titleOf={(id) => names.get(id) ?? titleOf(id)}
            />
          ))}
          {count > 1 && <Steps line={line} shown={shown} onShow={onShow} />}
        </div>
      )}
    </article>
  );
});

type Say = ReturnType<typeof useBoardsText>;

function who(act: BoardAct, say: Say): string {
  return act.by ? `${act.by.country} · ${act.by.name}` : say('historyHub');
}

function summaryOf({ newest, changes }: Line, say: Say): string {
  const last = changes.at(-1);
  if (last) return last.sentence;
  return say(newest.by === null ? 'historyBegan' : 'historyNothing');
}

function Face({ act }: { readonly act: BoardAct }) {
  if (act.by) return <Avatar person={act.by} size={22} />;
  return (
    <span className={styles.hub}>
      <IconServer2 size={13} stroke={1.6} />
    </span>
  );
}

function When({ act, children }: { readonly act: BoardAct; readonly children: string }) {
  return (
    <span className={styles.when} title={bothStamps(act.at)}>
      <time dateTime={act.at}>{utcSeconds(act.at)} UTC</time> · {localTime(act.at)} · {children}
    </span>
  );
}

const MOST = 40;

function Steps({ line, shown, onShow }: Pick<Props, 'line' | 'shown' | 'onShow'>) {
  const say = useBoardsText();
  return (
    <>
      <h4>{say('historySteps')}</h4>
      <ol className={styles.steps}>
        {line.steps.slice(0, MOST).map(({ newest, count }) => (
          <li key={newest.seq}>
            <button
              type="button"
              aria-pressed={shown === newest.seq}
              title={say('historyShow')}
              onClick={() => onShow(momentOf(newest))}
            >
              <span className={styles.stepWhen}>
                {utcSeconds(newest.at)} #{newest.seq}
              </span>
              {newest.sentences.join('; ') || say('historyNothing')}
              {count > 1 && <span className={styles.others}> {say('historyTimes', { count })}</span>}
            </button>
          </li>
        ))}
      </ol>
      {line.steps.length > MOST && (
        <p className={styles.others}>{say('historyRest', { count: line.steps.length - MOST })}</p>
      )}
    </>
  );
}
