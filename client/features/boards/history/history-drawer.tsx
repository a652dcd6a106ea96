import { IconHistory, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';

import { Button, IconButton } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { BoardId, OperationId } from '#shared/kernel/ids.ts';

import { useBoardsText } from '../board-context.ts';
import styles from './history.module.css';
import { HistoryList } from './history-list.tsx';
import { useHistory } from './use-history.ts';
import type { HistoryView } from './use-history-view.ts';

export type HistoryDrawerProps = {
  readonly operationId: OperationId;
  readonly boardId: BoardId;
  readonly view: HistoryView;
  /** A card or a frame by its present name, or nothing. */
  readonly titleOf: (id: string) => string;
};

/** Who did what on this board, newest first; any act shows the board as it stood after it. */
export function HistoryDrawer({ view, titleOf, ...place }: HistoryDrawerProps) {
  const say = useBoardsText();
  const drawer = useRef<HTMLElement>(null);
  useFocusBack(drawer);
  const leave = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    if (view.past.state === 'live') view.close();
    else view.showAt(null);
  };
  return (
    <aside ref={drawer} className={styles.drawer} aria-label={say('historyOf')} onKeyDown={leave}>
      <header>
        <IconHistory size={16} aria-hidden="true" />
        <h2 tabIndex={-1}>{say('history')}</h2>
        <IconButton label={say('historyClose')} onClick={view.close}>
          <IconX size={16} />
        </IconButton>
      </header>
      <Filter view={view} titleOf={titleOf} />
      <Acts key={view.about} view={view} titleOf={titleOf} {...place} />
    </aside>
  );
}

/** The keys go into the drawer when it opens, and back to where they were when it closes. */
function useFocusBack(drawer: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const before = document.activeElement;
    drawer.current?.querySelector('h2')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true });
    };
  }, [drawer]);
}

function Filter({ view, titleOf }: Pick<HistoryDrawerProps, 'view' | 'titleOf'>) {
  const say = useBoardsText();
  const { about, selected, openAbout } = view;
  const one = about ?? selected;
  const title = one === null ? '' : titleOf(one);
  return (
    <fieldset className={styles.filter}>
      <legend className="visually-hidden">{say('historyOnly')}</legend>
      <button type="button" aria-pressed={about === null} onClick={() => openAbout(null)}>
        {say('historyAll')}
      </button>
      <button
        type="button"
        aria-pressed={about !== null}
        disabled={one === null}
        title={one === null ? say('historyPick') : undefined}
        onClick={() => openAbout(one)}
      >
        {title === '' ? say('historyThisUntitled') : say('historyThis', { title })}
      </button>
    </fieldset>
  );
}

function Acts({ view, titleOf, operationId, boardId }: HistoryDrawerProps) {
  const say = useBoardsText();
  const history = useHistory({ operationId, boardId, record: view.about });
  const { pages } = history;
  if (pages.isPending) return <Loading label={say('historyReading')} />;
  if (pages.isError) {
    return (
      <Refused
        error={pages.error}
        actions={<Button onClick={() => pages.refetch()}>{say('historyAgain')}</Button>}
      />
    );
  }
  const acts = pages.data.pages.flatMap((page) => page.acts);
  if (acts.length === 0) {
    return (
      <StateScreen icon={<IconHistory size={26} stroke={1.4} />} title={say('historyEmpty')}>
        {say(view.about === null ? 'historyEmptyHint' : 'historyEmptyCard')}
      </StateScreen>
    );
  }
  return <HistoryList acts={acts} history={history} view={view} titleOf={titleOf} />;
}
