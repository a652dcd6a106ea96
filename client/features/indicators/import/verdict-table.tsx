import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useText } from '#client/platform/text.ts';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Verdict } from '#shared/contracts/indicators.ts';
import { indicatorsText } from '../text.ts';
import { typeLabel } from '../type-icon.tsx';
import styles from './import.module.css';

type Props = {
  readonly rows: readonly Verdict[];
  readonly against: ReadonlyMap<string, boolean>;
  readonly onTick: (row: Verdict, take: boolean) => void;
  readonly onEnd: () => void;
  readonly frozen: boolean;
};

export function VerdictTable({ rows, against, onTick, onEnd, frozen }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 44,
    getItemKey: (at) => rows[at]?.at ?? at,
    overscan: 10,
  });
  const items = list.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 20) onEnd();
  }, [last, rows.length, onEnd]);
  return (
    <div ref={scroller} className={styles.table}>
      <ul style={{ height: list.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <li
                key={item.key}
                style={{ transform: `translateY(${item.start}px)`, height: 44 }}
                data-kind={row.verdict}
              >
                <VerdictRow
                  row={row}
                  taken={against.get(row.at) ?? row.ticked}
                  frozen={frozen}
                  onTick={onTick}
                />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

type RowProps = {
  readonly row: Verdict;
  readonly taken: boolean;
  readonly frozen: boolean;
  readonly onTick: (row: Verdict, take: boolean) => void;
};

function VerdictRow({ row, taken, frozen, onTick }: RowProps) {
  const say = useText('indicators', indicatorsText);
  const choosable = row.verdict === 'new' || row.verdict === 'offered';
  const why = [row.message, row.hint].filter(Boolean).join(' ');
  return (
    <label className={styles.verdict}>
      <input
        type="checkbox"
        aria-label={say('import.take')}
        disabled={!choosable || frozen}
        checked={choosable && taken}
        onChange={(event) => onTick(row, event.target.checked)}
      />
      <span className={styles.kind}>{say(`import.count.${row.verdict}`)}</span>
      <span className={styles.value} title={row.display ?? ''}>
        {row.display ?? row.raw}
      </span>
      <span className={styles.type}>{row.type ? typeLabel(row.type) : ''}</span>
      <span>{row.tlp && <Tlp label={row.tlp} />}</span>
      <span className={styles.why} title={why}>
        <span className="mono">{say('import.at', { at: row.at })}</span> {why}
      </span>
    </label>
  );
}
