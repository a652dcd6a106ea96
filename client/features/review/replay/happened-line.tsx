import { IconPinned, IconServer2 } from '@tabler/icons-react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { groupOf } from '#shared/review/groups.ts';
import { gistOf } from '../entries/describe.ts';
import { FindingPill, SortIcon } from '../findings/finding-pills.tsx';
import { findingAddress } from '../findings/pinned-here.tsx';
import { findingsText } from '../findings/text.ts';
import { StrandIcon } from '../search/strand-icon.tsx';
import { reviewText } from '../text.ts';
import styles from './replay.module.css';
import type { Step } from './tape.ts';
import { replayText } from './text.ts';

type Props = {
  readonly step: Step | null;
  readonly people: ReadonlyMap<string, Person>;
  /** Pinned to this entry. */
  readonly findings: readonly Finding[];
  /** Not given where nothing can be pinned. */
  readonly onPin: (() => void) | undefined;
};

/** What had just happened. */
export function HappenedLine({ step, people, findings, onPin }: Props) {
  const sayFindings = useText('findings', findingsText);
  const say = useText('replay', replayText);
  const sayEntry = useText('review', reviewText);
  if (step === null) return <p className={styles.happened}>{say('before')}</p>;
  const person = step.by === null ? undefined : people.get(step.by);
  const act = isEventKind(step.kind) ? sayEntry(`kind.${step.kind}`) : step.kind;
  return (
    <div className={styles.happened}>
      {person ? <Avatar person={person} size={22} /> : <IconServer2 size={16} stroke={1.6} />}
      <span className={styles.who}>
        <b>{person?.name ?? sayEntry(step.by === null ? 'by.hub' : 'by.unknown')}</b>{' '}
        {person && deskLine(person)}
      </span>
      <span className={styles.act}>
        <StrandIcon strand={groupOf(step.kind, step.outcome)} />
        {act}
      </span>
      {step.outcome === 'refused' && <Pill tone="bad">{sayEntry('refused')}</Pill>}
      <span className={styles.gist}>{gistOf(step)}</span>
      {findings.map((finding) => (
        <Link key={finding.id} className={styles.found} to={findingAddress(finding.id)}>
          <SortIcon sort={finding.sort} />
          <span>{finding.title}</span>
          <FindingPill finding={finding} />
        </Link>
      ))}
      {onPin && (
        <Button className={styles.pin ?? ''} onClick={onPin} title={sayFindings('pin.open-key')}>
          <IconPinned size={15} />
          {sayFindings('pin.open')}
        </Button>
      )}
    </div>
  );
}
