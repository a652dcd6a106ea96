import { bothStamps, localStamp, utcStamp, utcTime } from '#client/platform/time.ts';
import styles from './time.module.css';

/** A moment of the record: UTC on screen, the reader's own time on hover and beside it where there is room. */
export function Time({
  iso,
  form = 'clock',
}: {
  readonly iso: string;
  readonly form?: 'clock' | 'stamp' | 'both';
}) {
  return (
    <time className={form === 'both' ? styles.both : styles.time} dateTime={iso} title={bothStamps(iso)}>
      {form === 'clock' ? utcTime(iso) : utcStamp(iso)}
      {form === 'both' && <span className={styles.local}> UTC · {localStamp(iso)}</span>}
    </time>
  );
}
