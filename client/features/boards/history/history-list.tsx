import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';

import { utcDay } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import type { BoardAct } from '#shared/contracts/boards.ts';

import { useBoardsText } from '../board-context.ts';
import styles from './history.module.css';
import type { HistoryDrawerProps } from './history-drawer.tsx';
import { HistoryLine } from './history-line.tsx';
import { foldActs } from './model/fold.ts';
import { useFollowing, type useHistory } from './use-history.ts';

type Props = Pick<HistoryDrawerProps, 'view' | 'titleOf'> & {
  readonly acts: readonly BoardAct[];
  readonly history: ReturnType<typeof useHistory>;
};

export function HistoryList({ acts, history, view, titleOf }: Props) {
  const say = useBoardsText();
  const { pages, waiting, readNewer, readingNewer } = history;
  const [atTop, setAtTop] = useState(true);
  const names = useMemo(() => namesIn(acts), [acts]);
  const lines = useMemo(
    () => foldActs(acts, (id) => names.get(id) ?? titleOf(id), view.about),
    [acts, names, titleOf, view.about],
  );
  const calm = atTop && view.past.state === 'live' && !readingNewer;
  useFollowing(calm, waiting, readNewer);
  const moment = view.past.state === 'live' ? null : view.past.moment.seq;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from act to act; each is a button.
    <div
      className={styles.scroll}
      onKeyDown={walk}
      onScroll={({ currentTarget }) => setAtTop(currentTarget.scrollTop < 40)}
    >
      {waiting > 0 && !calm && (
        <div className={styles.newer}>
          <Button busy={readingNewer} onClick={() => readNewer()}>
            {say('historyNewer', { count: waiting })}
          </Button>
        </div>
      )}
      <ol className={styles.list}>
        {lines.map((line, at) => (
          <li key={`${line.oldest.seq}`}>
            {day(line.newest) !== day(lines[at - 1]?.newest) && (
              <h3 className={styles.day}>{say('historyDay', { day: utcDay(line.newest.at) })}</h3>
            )}
            <HistoryLine line={line} shown={moment} onShow={view.showAt} names={names} titleOf={titleOf} />
          </li>
        ))}
      </ol>
      <Earlier pages={pages} whole={view.about === null} />
    </div>
  );
}

function day(act: BoardAct | undefined): string {
  return act?.at.slice(0, 10) ?? '';
}

/** The newest name of everything that the acts speak of, deleted things included. */
function namesIn(acts: readonly BoardAct[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const act of acts) {
    for (const { id, name } of act.changes) if (name !== '' && !names.has(id)) names.set(id, name);
  }
  return names;
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-act]')];
  const row = document.activeElement?.closest('li')?.querySelector<HTMLElement>('[data-act]');
  const next = rows[row ? rows.indexOf(row) + step : 0];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

type EarlierProps = { readonly pages: Props['history']['pages']; readonly whole: boolean };

/** Reads the next page when its end comes into view. */
function Earlier({ pages, whole }: EarlierProps) {
  const say = useBoardsText();
  const end = useRef<HTMLParagraphElement>(null);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    const { current } = end;
    if (!current || !hasNextPage || isFetchingNextPage) return;
    const watcher = new IntersectionObserver((seen) => {
      if (seen.some(({ isIntersecting }) => isIntersecting)) void fetchNextPage();
    });
    watcher.observe(current);
    return () => watcher.disconnect();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <p ref={end} className={styles.end}>
      {say(hasNextPage ? 'historyMore' : whole ? 'historyStart' : 'historyStartOf')}
    </p>
  );
}
