import { IconServer2 } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import { groupOf } from '#shared/review/groups.ts';
import { gistOf } from '../entries/describe.ts';
import { StrandIcon } from '../search/strand-icon.tsx';
import { reviewText } from '../text.ts';
import styles from './replay.module.css';
import type { Step } from './tape.ts';
import { replayText } from './text.ts';

type Props = { readonly step: Step | null; readonly people: ReadonlyMap<string, Person> };

/** What had just happened. */
export function HappenedLine({ step, people }: Props) {
  const say = useText('replay', replayText);
  const sayEntry = useText('review', reviewText);
  if (step === null) return <p className={styles.happened}>{say('before')}</p>;
  const person = step.by === null ? undefined : people.get(step.by);
  const act = isEventKind(step.kind) ? sayEntry(`kind.${step.kind}`) : step.kind;
  return (
    <p className={styles.happened}>
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
    </p>
  );
}
