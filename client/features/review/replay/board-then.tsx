import { type ReactNode, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { classes } from '#client/ui/classes.ts';
import type { BoardThen as Board, RoomThen } from '#shared/contracts/review-replay.ts';
import type { BoardId } from '#shared/kernel/ids.ts';
import styles from './replay.module.css';
import { replayText } from './text.ts';

/** What the room fills in: this part of the page knows no boards. `seq` is the board's newest change by then. */
export type RenderBoard = (board: {
  readonly boardId: BoardId;
  readonly seq: number;
  readonly at: string;
}) => ReactNode;

type Props = {
  readonly room: RoomThen;
  readonly about: string | null;
  readonly at: string | null;
  readonly renderBoard: RenderBoard;
};

/** A board of that moment: the one that was being worked on, until the reader takes another. */
export function BoardThen({ room, about, at, renderBoard }: Props) {
  const say = useText('replay', replayText);
  const [taken, setTaken] = useState<BoardId | null>(null);
  const { boards } = room;
  const board = boards.find(({ id }) => id === taken) ?? workedOn(boards, about);
  if (!board) return <p className={styles.nothing}>{say('no-board')}</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row over the board. */}
      <div className={styles.boards} role="group" aria-label={say('boards')}>
        <button type="button" aria-pressed={taken === null} onClick={() => setTaken(null)}>
          {say('follow')}
        </button>
        {boards.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            className={classes(id === board.id && styles.shown)}
            aria-pressed={id === taken}
            onClick={() => setTaken(id)}
          >
            {title}
          </button>
        ))}
      </div>
      {board.changedSeq < 0 ? (
        <p className={styles.nothing}>{say('empty-board')}</p>
      ) : (
        <div key={board.id} className={styles.canvas}>
          {renderBoard({ boardId: board.id, seq: board.changedSeq, at: at ?? board.createdAt })}
        </div>
      )}
    </>
  );
}

function workedOn(boards: readonly Board[], about: string | null): Board | undefined {
  const named = boards.find(({ id }) => id === about);
  return named ?? [...boards].sort((a, b) => b.changedSeq - a.changedSeq)[0];
}
