import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useText } from '#client/platform/text.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { pinsOnLine } from '../findings/findings.ts';
import { usePins } from '../findings/use-findings.ts';
import { reviewText } from '../text.ts';
import type { Pages } from '../use-timeline.ts';
import type { Trust } from '../verify/trust.ts';
import styles from './entries.module.css';
import { EntryRow } from './entry-row.tsx';
import type { Line } from './line.ts';

type Props = {
  readonly operationId: OperationId;
  readonly lines: readonly Line[];
  readonly pages: Pages;
  readonly trust: Trust | undefined;
  readonly chosen: number | null;
  readonly sought: string;
  readonly onChoose: (line: Line) => void;
  /** `f` on a line; not given where nothing can be pinned. */
  readonly onPin?: ((line: Line) => void) | undefined;
};

const ROW = 36;
/** With a second line for what was found. */
const FOUND_ROW = 58;

export function EntryList(props: Props) {
  const { operationId, lines, pages, trust, chosen, sought, onChoose, onPin } = props;
  const say = useText('review', reviewText);
  const pins = usePins(operationId);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => heightOf(lines[at]),
    // Another function for other lines: their heights are taken anew by that.
    getItemKey: (at) => lines[at]?.entry.seq ?? at,
    overscan: 6,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  useEffect(() => {
    if (last >= lines.length - 40 && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [last, lines.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const goTo = (at: number) => {
    const line = lines[at];
    if (!line) return;
    list.scrollToIndex(at);
    // The row may only come into being by that scroll.
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-line="${line.entry.seq}"]`)?.focus(),
    );
  };
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const seq = document.activeElement?.closest('[data-line]')?.getAttribute('data-line');
    const here = lines.findIndex((line) => String(line.entry.seq) === seq);
    const line = lines[here];
    if (event.key === 'f' && line && onPin && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      return onPin(line);
    }
    const to = goal(event.key, here, lines.length);
    if (to === null) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows go from line to line; each is a button.
    <div ref={scroller} className={styles.scroll} onKeyDown={walk}>
      <ol className={styles.list} style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          return (
            line && (
              <li key={item.key} style={{ transform: `translateY(${item.start}px)`, height: heightOf(line) }}>
                <EntryRow
                  operationId={operationId}
                  line={line}
                  trust={trust}
                  chosen={line.entry.seq === chosen}
                  sought={sought}
                  findings={pinsOnLine(pins, line)}
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

function heightOf(line: Line | undefined): number {
  return line !== undefined && line.texts.length > 0 ? FOUND_ROW : ROW;
}

/** Where a key leads from line `here`; `null` for keys that lead nowhere. */
function goal(key: string, here: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(count - 1, here + 1);
    case 'ArrowUp':
      return Math.max(0, here - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
