import { useText } from '#client/platform/text.ts';
import type { Debrief } from '#shared/contracts/review-report.ts';
import styles from './debrief.module.css';
import { countriesIn, summed, sumOf } from './figures.ts';
import { debriefText } from './text.ts';

/** The whole operation in a line of figures. */
export function Totals({ debrief }: { readonly debrief: Debrief }) {
  const say = useText('debrief', debriefText);
  const all: readonly (readonly [string, number])[] = [
    [say('figure.countries'), countriesIn(debrief)],
    ...summed.map((figure) => [say(`figure.${figure}`), sumOf(debrief.countries, figure)] as const),
  ];
  return (
    <dl className={styles.totals} aria-label={say('totals')}>
      {all.map(([label, count]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{count.toLocaleString('en')}</dd>
        </div>
      ))}
    </dl>
  );
}
