import { useText } from '#client/platform/text.ts';
import styles from './mark.module.css';
import { accessText } from './text.ts';
import type { Seen } from './use-access.ts';

type Props = { readonly could: Seen['could']; readonly times: number };

/** A right, and whether it was used: full when it was, with how often; without a right a stroke. */
export function Mark({ could, times }: Props) {
  return (
    <span className={styles.mark} data-could={could ?? 'act'} data-read={times > 0}>
      {times > 0 ? (times > 99 ? '99+' : times) : could === 'no' ? '–' : ''}
    </span>
  );
}

const legend = [
  { key: 'legend.compartment', could: 'compartment', times: 0 },
  { key: 'legend.own', could: 'own', times: 0 },
  { key: 'legend.read', could: 'compartment', times: 3 },
  { key: 'legend.past', could: 'no', times: 2 },
  { key: 'legend.no', could: 'no', times: 0 },
] as const;

export function Legend() {
  const say = useText('access', accessText);
  return (
    <p className={styles.legend} aria-hidden="true">
      {legend.map(({ key, could, times }) => (
        <span key={key}>
          <Mark could={could} times={times} />
          {say(key)}
        </span>
      ))}
    </p>
  );
}
