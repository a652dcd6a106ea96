import { IconPlus } from '@tabler/icons-react';

import type { Board } from '#shared/contracts/boards.ts';

import { useBoardsText } from '../board-context.ts';
import styles from './panels.module.css';

type BoardTabsProps = {
  readonly boards: readonly Pick<Board, 'id' | 'title'>[];
  readonly chosen: string;
  readonly onChoose: (id: Board['id']) => void;
  /** Absent for those who may not create one. */
  readonly onCreate?: () => void;
};

/** The operation's boards, over the top left corner of the one on screen. */
export function BoardTabs({ boards, chosen, onChoose, onCreate }: BoardTabsProps) {
  const say = useBoardsText();
  return (
    <nav className={styles.tabs} aria-label={say('boards')}>
      {boards.map((board) => (
        <button
          key={board.id}
          type="button"
          aria-current={board.id === chosen ? 'page' : undefined}
          onClick={() => onChoose(board.id)}
        >
          {board.title}
        </button>
      ))}
      {onCreate && (
        <button type="button" aria-label={say('newBoard')} title={say('newBoard')} onClick={onCreate}>
          <IconPlus size={14} />
        </button>
      )}
    </nav>
  );
}
