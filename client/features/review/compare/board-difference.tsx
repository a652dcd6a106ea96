import { IconPlayerPlay } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { ActLine } from '../moments/entry-link.tsx';
import { BeforeAfter } from './before-after.tsx';
import { BoardMap } from './board-map.tsx';
import { byRecord, type RecordChange, titlesIn } from './by-record.ts';
import { CardThen } from './card-then.tsx';
import styles from './compare.module.css';
import { compareText } from './text.ts';
import type { BoardChange, BoardCompared } from './use-compare.ts';

type Props = {
  readonly board: BoardCompared;
  readonly people: ReadonlyMap<string, Person>;
  /** The later moment. */
  readonly to: number;
};

const tones = { added: 'good', deleted: 'bad', edited: 'warn', moved: 'accent' } as const;

/** One board: drawn from above, and what changed on it thing by thing. */
export function BoardDifference({ board, people, to }: Props) {
  const say = useText('compare', compareText);
  const [chosen, setChosen] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const changes = byRecord(board);
  const titleOf = titlesIn(board);
  const choose = (id: string) => {
    setChosen(id);
    list.current?.querySelector(`[data-record="${id}"]`)?.scrollIntoView({ block: 'center' });
  };
  return (
    <article className={styles.board}>
      <header className={styles.boardHead}>
        <h4>{board.title}</h4>
        {board.change === 'created' && <Pill tone="good">{say('board.created')}</Pill>}
        <span className={styles.count}>{say('board.acts', { count: board.acts })}</span>
        <span className={styles.space} />
        <Link className={styles.go ?? ''} to={`?view=replay&at=${to}`}>
          <IconPlayerPlay size={13} />
          {say('replay')}
        </Link>
      </header>
      {changes.length === 0 ? (
        <p className={styles.quiet}>{say('board.undone')}</p>
      ) : (
        <div className={styles.drawn}>
          <BoardMap board={board} changes={changes} chosen={chosen} onChoose={choose} />
          <ol ref={list} className={styles.rows}>
            {changes.map((change) => (
              <RecordRow
                key={change.id}
                change={change}
                people={people}
                titleOf={titleOf}
                chosen={change.id === chosen}
              />
            ))}
          </ol>
        </div>
      )}
      {board.more > 0 && <p className={styles.quiet}>{say('board.more', { count: board.more })}</p>}
    </article>
  );
}

type RowProps = {
  readonly change: RecordChange;
  readonly people: ReadonlyMap<string, Person>;
  readonly titleOf: (id: string) => string;
  readonly chosen: boolean;
};

function RecordRow({ change, people, titleOf, chosen }: RowProps) {
  const say = useText('compare', compareText);
  const { id, record, look, before, after, last } = change;
  // What only lies elsewhere looks as it did.
  const sideBySide = look !== 'moved';
  return (
    <li data-record={id} data-chosen={chosen}>
      <p className={styles.told}>
        <Pill tone={tones[look]}>{say(`what.${look}`)}</Pill>
        <b>{say(`record.${record}`)}</b>
        {!sideBySide && <span className={styles.named}>{change.name || say('untitled')}</span>}
        {change.changes.map((one) => (
          <Where key={`${one.what} ${one.field}`} change={one} titleOf={titleOf} />
        ))}
        <span className={styles.space} />
        <ActLine act={last} people={people} />
      </p>
      {sideBySide && (
        <BeforeAfter
          before={before === null ? undefined : <CardThen record={before} other={after} titleOf={titleOf} />}
          after={after === null ? undefined : <CardThen record={after} other={before} titleOf={titleOf} />}
        />
      )}
    </li>
  );
}

/** Where it went: into another frame, or how far. */
function Where({
  change,
  titleOf,
}: {
  readonly change: BoardChange;
  readonly titleOf: (id: string) => string;
}) {
  const say = useText('compare', compareText);
  const { what, before, after } = change;
  if (what === 'framed') {
    const frame = (id: unknown) =>
      typeof id !== 'string'
        ? say('no-frame')
        : titleOf(id)
          ? say('in-frame', { title: titleOf(id) })
          : say('some-frame');
    return (
      <span className={styles.count}>
        {frame(before)} → {frame(after)}
      </span>
    );
  }
  if (what !== 'moved') return null;
  const [was, is] = [placeIn(before), placeIn(after)];
  if (was === null || is === null || (was.x === is.x && was.y === is.y))
    return <span className={styles.count}>{say('resized')}</span>;
  const far = { across: Math.round(is.x - was.x), down: Math.round(is.y - was.y) };
  return <span className={styles.count}>{say('moved-from', far)}</span>;
}

function placeIn(value: unknown): { readonly x: number; readonly y: number } | null {
  if (typeof value !== 'object' || value === null || !('x' in value) || !('y' in value)) return null;
  const { x, y } = value;
  return typeof x === 'number' && typeof y === 'number' ? { x, y } : null;
}
