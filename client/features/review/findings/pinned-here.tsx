import { IconPinned } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { FindingPill, SortIcon } from './finding-pills.tsx';
import styles from './pinned.module.css';
import { findingsText } from './text.ts';

/** What is pinned to the entry on screen; each leads to its finding. */
export function PinnedHere({ findings }: { readonly findings: readonly Finding[] }) {
  const say = useText('findings', findingsText);
  if (findings.length === 0) return null;
  return (
    <section className={styles.here} aria-label={say('pinned-here', { count: findings.length })}>
      <h3>{say('pinned-here', { count: findings.length })}</h3>
      <ul>
        {findings.map((finding) => (
          <li key={finding.id}>
            <Link to={findingAddress(finding.id)}>
              <SortIcon sort={finding.sort} />
              <span>{finding.title}</span>
            </Link>
            <FindingPill finding={finding} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function findingAddress(id: string): string {
  return `?view=findings&finding=${id}`;
}

/** On a line of a list: that something is pinned, and how much. */
export function PinMark({ findings }: { readonly findings: readonly Finding[] }) {
  const say = useText('findings', findingsText);
  if (findings.length === 0) return null;
  const label = say('pinned-here', { count: findings.length });
  const open = findings.some(({ state }) => state !== 'concluded');
  const title = findings.map((finding) => finding.title).join('\n');
  return (
    <span className={styles.mark} data-open={open} role="img" aria-label={label} title={title}>
      <IconPinned size={14} stroke={1.8} />
      {findings.length > 1 && findings.length}
    </span>
  );
}
