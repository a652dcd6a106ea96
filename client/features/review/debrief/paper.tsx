import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { countryName } from '#client/ui/item/country.ts';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { Debrief } from '#shared/contracts/review-report.ts';
import { DensityStrip } from '../density/density-strip.tsx';
import { reviewText } from '../text.ts';
import { shownAs } from './by-country.tsx';
import { dated, figures, ordered } from './figures.ts';
import styles from './paper.module.css';
import { PaperFindings } from './paper-findings.tsx';
import { debriefText } from './text.ts';

type Props = { readonly debrief: Debrief; readonly reading: number; readonly reader: Person | undefined };

/**
 * The debrief as it is printed: beside the page, out of sight until there is paper. Its marking is at the head and the
 * foot of every sheet, where the two empty rows of the outer table keep their place free.
 */
export function Paper({ debrief, reading, reader }: Props) {
  const say = useText('debrief', debriefText);
  const { operation, marking, from, until, asOf, density, findings } = debrief;
  return (
    <div className={styles.paper} data-paper>
      <div className={`${styles.marking} ${styles.top}`}>
        <Tlp label={marking} />
      </div>
      <div className={`${styles.marking} ${styles.foot}`}>
        <Tlp label={marking} />
      </div>
      <table className={styles.sheet}>
        <thead>
          <tr>
            <td className={styles.space} />
          </tr>
        </thead>
        <tfoot>
          <tr>
            <td className={styles.space} />
          </tr>
        </tfoot>
        <tbody>
          <tr>
            <td>
              <h1>
                {say('title')}: {operation.name}
              </h1>
              <p>{operation.purpose}</p>
              <p className={styles.small}>
                {say('span', { from: dated(from), until: dated(until) })} · {say('as-of', { count: asOf })} ·{' '}
                {say('of-what-you-see')}
              </p>
              {reader && (
                <p className={styles.small}>
                  {say('paper.foot', { name: reader.name, desk: reader.desk, reading })}
                </p>
              )}
              <h2>{say('countries')}</h2>
              <Figures debrief={debrief} />
              <section>
                <h2>{say('hours')}</h2>
                <DensityStrip counts={density} />
              </section>
              <h2>{say('findings')}</h2>
              <PaperFindings findings={findings} />
              <h2>{say('moments')}</h2>
              <Moments debrief={debrief} />
            </td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Figures({ debrief: { countries } }: { readonly debrief: Debrief }) {
  const say = useText('debrief', debriefText);
  return (
    <table className={styles.list}>
      <thead>
        <tr>
          <th>{say('country')}</th>
          {figures.map((figure) => (
            <th key={figure}>{say(`figure.${figure}`)}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {ordered(countries, 'acts').map((one) => (
          <tr key={one.country}>
            <th>
              {one.country || say('hub')} {one.country && <span>{countryName(one.country)}</span>}
            </th>
            {figures.map((figure) => (
              <td key={figure}>{shownAs(figure, one[figure], say)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Moments({ debrief: { moments } }: { readonly debrief: Debrief }) {
  const say = useText('debrief', debriefText);
  const sayEntry = useText('review', reviewText);
  return (
    <table className={`${styles.list} ${styles.moments}`}>
      <thead>
        <tr>
          <th>{say('paper.time')}</th>
          <th>{say('paper.entry')}</th>
          <th>{say('country')}</th>
          <th>{say('paper.what')}</th>
          <th>{say('paper.what-about')}</th>
        </tr>
      </thead>
      <tbody>
        {moments.map(({ seq, at, kind, country, about }) => (
          <tr key={seq}>
            <td>{utcStamp(at)}</td>
            <td>#{seq}</td>
            <td>{country ?? say('hub')}</td>
            <td>{isEventKind(kind) ? sayEntry(`kind.${kind}`) : kind}</td>
            <td>{about}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
