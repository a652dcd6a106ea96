import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { type Finding, findingStates } from '#shared/contracts/review-findings.ts';
import { FindingPill, SortIcon } from '../findings/finding-pills.tsx';
import { findingAddress } from '../findings/pinned-here.tsx';
import { findingsText } from '../findings/text.ts';
import styles from './debrief.module.css';
import { PartHead } from './part-head.tsx';
import { debriefText } from './text.ts';

/** What was found, with where each stands. */
export function Outcome({ findings }: { readonly findings: readonly Finding[] }) {
  const say = useText('debrief', debriefText);
  const sayFindings = useText('findings', findingsText);
  const counts = findingStates
    .map((state) => ({ state, count: findings.filter((one) => one.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${sayFindings(`state.${state}`).toLowerCase()}`);
  return (
    <section className={styles.part} aria-labelledby="debrief-findings">
      <PartHead id="debrief-findings" title={say('findings')} says={counts.join(', ')} />
      {findings.length === 0 && <p className={styles.none}>{say('findings-none')}</p>}
      <ul className={styles.outcome}>
        {findings.map((finding) => (
          <li key={finding.id}>
            <Link to={findingAddress(finding.id)}>
              <SortIcon sort={finding.sort} size={16} />
              <span className={styles.outcomeTitle}>
                <b>{finding.title}</b>
                <span>{finding.conclusion?.text || finding.text}</span>
              </span>
              <FindingPill finding={finding} />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
