import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useText } from '#client/platform/text.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { reviewText } from '../text.ts';
import type { useEntryPages } from '../use-review.ts';
import type { Trust } from '../verify/trust.ts';
import styles from './entries.module.css';
import { EntryRow } from './entry-row.tsx';
import type { Line } from './fold.ts';

type Props = {
  readonly operationId: OperationId;
  readonly lines: readonly Line[];
  readonly pages: Pick<
    ReturnType<typeof useEntryPages>,
    'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
  >;
  readonly trust: Trust | undefined;
  readonly chosen: number | null;
  readonly onChoose: (line: Line) => void;
};

const ROW = 36;

export function EntryList({ operationId, lines, pages, trust, chosen, onChoose }: Props) {
  const say = useText('review', reviewText);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    getItemKey: (at) => lines[at]?.newest.seq ?? at,
    overscan: 6,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    if (last >= lines.length - 40 && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [last, lines.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <div ref={scroller} className={styles.scroll}>
      <ol className={styles.list} style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <li key={item.key} style={{ transform: `translateY(${item.start}px)`, height: ROW }}>
                <EntryRow
                  operationId={operationId}
                  line={line}
                  trust={trust}
                  chosen={line.newest.seq === chosen}
                  onChoose={onChoose}
                />
              </li>
            )
          );
        })}
      </ol>
      {isFetchingNextPage && <p className={styles.reading}>{say('more-busy')}</p>}
    </div>
  );
}
