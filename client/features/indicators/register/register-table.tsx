import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import type { Indicator } from '#shared/contracts/indicators.ts';
import { indicatorsText } from '../text.ts';
import type { useRegister } from '../use-indicators.ts';
import styles from './register.module.css';
import type { RegisterProps } from './register-panel.tsx';
import { RegisterRow } from './register-row.tsx';

type Props = RegisterProps & {
  readonly rows: readonly Indicator[];
  readonly register: Pick<
    ReturnType<typeof useRegister>,
    'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'
  >;
};

const NARROW = { row: 46, wide: false } as const;
const WIDE = { row: 32, wide: true } as const;

/** Only the rows in view are drawn. Two lines a row in the side panel, one line with columns where there is room. */
export function RegisterTable({ rows, register, chosen, onOpen }: Props) {
  const say = useText('indicators', indicatorsText);
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useLayoutOf(scroller);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => layout.row,
    getItemKey: (at) => rows[at]?.id ?? at,
    overscan: 12,
  });
  useEffect(() => {
    if (layout.row > 0) list.measure();
  }, [layout.row, list]);
  const items = list.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = register;
  useEffect(() => {
    if (lastShown >= rows.length - 40 && hasNextPage && !isFetchingNextPage) fetchNextPage();
  }, [lastShown, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return (
    <div ref={scroller} className={styles.scroll} data-wide={layout.wide}>
      {layout.wide && <Columns />}
      <ul className={styles.rows} style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <RegisterRow
                key={item.key}
                indicator={row}
                top={item.start}
                height={layout.row}
                wide={layout.wide}
                chosen={row.id === chosen}
                onOpen={onOpen}
              />
            )
          );
        })}
      </ul>
      {isFetchingNextPage && <p className={styles.reading}>{say('more-busy')}</p>}
    </div>
  );
}

function Columns() {
  const say = useText('indicators', indicatorsText);
  const names = [
    'type',
    'value',
    'marking',
    'handling',
    'evaluation',
    'originator',
    'note',
    'added',
  ] as const;
  return (
    <div className={styles.columns} aria-hidden="true">
      {names.map((name) => (
        <span key={name}>{say(`col.${name}`)}</span>
      ))}
    </div>
  );
}

function useLayoutOf(scroller: { current: HTMLDivElement | null }): typeof NARROW | typeof WIDE {
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWide(element.clientWidth > 760));
    watch.observe(element);
    return () => watch.disconnect();
  }, [scroller]);
  return wide ? WIDE : NARROW;
}
