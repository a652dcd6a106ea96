import type { CSSProperties } from 'react';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { timelineGroups } from '#shared/contracts/review-timeline.ts';
import { StrandIcon } from '../search/strand-icon.tsx';
import { reviewText } from '../text.ts';
import styles from './strip.module.css';
import { momentsText } from './text.ts';
import type { Strip as Counts } from './use-strip.ts';
import { timeAbout } from './use-strip.ts';

export type Handle = {
  readonly name: string;
  readonly place: number;
  readonly onGo: (place: number) => void;
};

type Props = { readonly strip: Counts; readonly handles: readonly Handle[] };

/** The record from end to end, a row for each strand, with the moments on it and what lies between them. */
export function Strip({ strip, handles }: Props) {
  const say = useText('moments', momentsText);
  const size = strip.asOf;
  const part = (place: number) => (place + 1) / Math.max(1, size);
  const [first, last] = [handles[0], handles.at(-1)];
  const from = handles.length > 1 && first ? part(first.place) : 0;
  const style: CSSProperties = { '--from': from, '--to': last ? part(last.place) : 1 };
  return (
    <figure className={styles.strip} aria-label={say('strip')} style={style}>
      <Lanes strip={strip} />
      <div className={styles.over} aria-hidden="true">
        {handles.length > 1 && <span className={styles.between} />}
        {handles.map(({ name, place }) => (
          <span key={name} className={styles.line} style={{ '--at': part(place) }}>
            <b>{name}</b>
          </span>
        ))}
      </div>
      <div className={styles.sliders}>
        <span className={styles.rail} aria-hidden="true" />
        {handles.map((handle) => (
          <Slider key={handle.name} strip={strip} handle={handle} alone={handles.length === 1} />
        ))}
      </div>
      <Axis strip={strip} />
    </figure>
  );
}

type SliderProps = { readonly strip: Counts; readonly handle: Handle; readonly alone: boolean };

function Slider({ strip, handle: { name, place, onGo }, alone }: SliderProps) {
  const say = useText('moments', momentsText);
  const last = strip.asOf - 1;
  const at = timeAbout(strip, place);
  const spoken = { seq: place, last, time: at === null ? '' : utcStamp(at) };
  return (
    <input
      type="range"
      aria-label={alone ? say('moment') : say('place', { name })}
      aria-valuetext={place < 0 ? say('before') : say('place-says', spoken)}
      min={-1}
      max={last}
      step={1}
      value={place}
      onChange={(event) => onGo(Number(event.target.value))}
    />
  );
}

const ROW = 11;

function Lanes({ strip }: { readonly strip: Counts }) {
  const say = useText('moments', momentsText);
  const sayReview = useText('review', reviewText);
  const { counts, step, asOf } = strip;
  const strands = timelineGroups.filter((group) => counts.some(({ strand }) => strand === group));
  const most = Math.max(1, ...counts.map(({ count }) => count));
  const height = strands.length * ROW;
  return (
    <>
      <div className={styles.names} aria-hidden="true">
        {strands.map((strand) => (
          <span key={strand}>
            <StrandIcon strand={strand} size={11} />
            {sayReview(`strand.${strand}`)}
          </span>
        ))}
      </div>
      <svg
        className={styles.lanes}
        viewBox={`0 0 ${Math.max(1, asOf)} ${height}`}
        preserveAspectRatio="none"
        style={{ height }}
        role="img"
        aria-label={say('strip')}
      >
        {strands.map((strand, row) => (
          <rect key={strand} className={styles.lane} x={0} y={row * ROW + 1} width={asOf} height={ROW - 2} />
        ))}
        {counts.map(({ slice, strand, count }) => {
          const from = slice * step;
          const to = Math.min(asOf, from + step);
          const time = utcStamp(timeAbout(strip, from) ?? '');
          return (
            <rect
              key={`${slice} ${strand}`}
              className={strand === 'denials' ? styles.denied : styles.cell}
              x={from + (to - from) * 0.06}
              y={strands.indexOf(strand) * ROW + 1}
              width={(to - from) * 0.88}
              height={ROW - 2}
              fillOpacity={0.3 + 0.7 * (Math.log1p(count) / Math.log1p(most))}
            >
              <title>
                {say('strip.says', {
                  strand: sayReview(`strand.${strand}`),
                  from,
                  to: to - 1,
                  time,
                  count,
                })}
              </title>
            </rect>
          );
        })}
      </svg>
    </>
  );
}

/** When it was, at a few places; in one and the same minute it is said once. */
function Axis({ strip: { marks, asOf } }: { readonly strip: Counts }) {
  const shown = [0, 0.2, 0.4, 0.6, 0.8]
    .flatMap((part) => marks[Math.floor((marks.length - 1) * part)] ?? [])
    .filter(({ at }, index, all) => index === 0 || utcStamp(at) !== utcStamp(all[index - 1]?.at ?? at));
  return (
    <div className={styles.axis} aria-hidden="true">
      {shown.map(({ seq, at }) => (
        <span key={seq} style={{ '--at': seq / Math.max(1, asOf) }}>
          {utcStamp(at)}
        </span>
      ))}
    </div>
  );
}
