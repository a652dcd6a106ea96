import { useMemo } from 'react';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { isoTime } from '#shared/kernel/clock.ts';
import { noFindings } from '../findings/findings.ts';
import { PinLane } from '../findings/pin-lane.tsx';
import { findingsText } from '../findings/text.ts';
import { reviewText } from '../text.ts';
import type { TimelinePage } from '../use-timeline.ts';
import styles from './density.module.css';
import { type Density, layOut, marksIn } from './density.ts';

type Props = {
  readonly counts: TimelinePage['density'];
  /** One cell was chosen. Times are RFC 3339; the country of the hub's own acts is ''. */
  readonly onPick?: (country: string, from: string, until: string) => void;
  /** Marked at the country and the hour of what they are about. */
  readonly findings?: readonly Finding[];
  readonly onFinding?: (finding: Finding) => void;
};

const ROW = 14;

/** When each country was at work. A cell narrows the list down to it; the filters do the same from the keyboard. */
export function DensityStrip({ counts, onPick, findings = noFindings, onFinding }: Props) {
  const say = useText('review', reviewText);
  const sayFindings = useText('findings', findingsText);
  const density = useMemo(() => layOut(counts), [counts]);
  if (!density) return null;
  return (
    <figure className={styles.strip} aria-label={say('density')}>
      <div className={styles.names} aria-hidden="true">
        {density.countries.map((country) => (
          <span key={country}>{country || say('density.nobody')}</span>
        ))}
      </div>
      <div className={styles.field}>
        <Cells density={density} onPick={onPick} />
        {onFinding && (
          <PinLane label={sayFindings('lane.time')} marks={marksIn(density, findings)} onPick={onFinding} />
        )}
      </div>
      <Axis density={density} />
    </figure>
  );
}

function Cells({
  density,
  onPick,
}: {
  readonly density: Density;
  readonly onPick: Props['onPick'] | undefined;
}) {
  const say = useText('review', reviewText);
  const { start, step, columns, countries, cells, most } = density;
  const height = countries.length * ROW;
  return (
    <svg
      className={styles.cells}
      viewBox={`0 0 ${columns} ${height}`}
      preserveAspectRatio="none"
      style={{ height }}
      role="img"
      aria-label={say('density')}
    >
      {countries.map((country, row) => (
        <rect
          key={country}
          className={styles.lane}
          x={0}
          y={row * ROW + 1}
          width={columns}
          height={ROW - 2}
        />
      ))}
      {cells.map(({ row, column, count }) => {
        const country = countries[row] ?? '';
        const from = start + column * step;
        const label = { country: country || say('density.nobody'), time: utcStamp(isoTime(from)), count };
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the filters do the same from the keyboard.
          <rect
            key={`${row}:${column}`}
            className={styles.cell}
            data-picks={onPick !== undefined}
            x={column + 0.04}
            y={row * ROW + 1}
            width={0.92}
            height={ROW - 2}
            fillOpacity={0.25 + 0.75 * (Math.log1p(count) / Math.log1p(most))}
            onClick={() => onPick?.(country, isoTime(from), isoTime(from + step))}
          >
            <title>{say('density.cell', label)}</title>
          </rect>
        );
      })}
    </svg>
  );
}

/** Four moments under the strip. */
function Axis({ density }: { readonly density: Density }) {
  const { start, step, columns } = density;
  const marks = [0, 0.25, 0.5, 0.75].map((part) => Math.round(columns * part));
  return (
    <div className={styles.axis} aria-hidden="true">
      {marks.map((column) => (
        <span key={column} style={{ left: `${(100 * column) / columns}%` }}>
          {utcStamp(isoTime(start + column * step))}
        </span>
      ))}
    </div>
  );
}
