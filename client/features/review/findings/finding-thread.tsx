import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Time } from '#client/ui/item/time.tsx';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { defang } from '#shared/interchange/defang.ts';
import type { PartProps } from '../parts.tsx';
import { ProofBadge } from '../verify/proof-badge.tsx';
import styles from './finding.module.css';
import { FindingPill } from './finding-pills.tsx';
import { findingsText } from './text.ts';
import { useFindingEntries } from './use-findings.ts';

type Props = Pick<PartProps, 'operationId' | 'trust'> & { readonly finding: Finding };

type Act = {
  readonly said: Pick<Finding, 'seq' | 'by' | 'at' | 'text'>;
  readonly does: string;
  readonly pill?: ReactNode;
};

/** Every act of a finding in order, each with its entry of the record and what this browser verified of it. */
export function FindingThread({ operationId, trust, finding }: Props) {
  const say = useText('findings', findingsText);
  const entries = useFindingEntries(operationId, finding).data;
  const { answers, conclusion, sort } = finding;
  const acts: readonly Act[] = [
    { said: finding, does: say(`act.opened-${sort}`) },
    ...answers.map((said) => ({ said, does: say('act.answered') })),
    ...(conclusion === null
      ? []
      : [{ said: conclusion, does: say('act.concluded'), pill: <FindingPill finding={finding} /> }]),
  ];
  return (
    <section className={styles.thread} aria-label={say('history')}>
      <h3>{say('history')}</h3>
      <ol>
        {acts.map(({ said, does, pill }) => {
          const entry = entries?.get(said.seq);
          return (
            <li key={said.seq} className={styles.act} data-end={pill !== undefined}>
              <Avatar person={said.by} size={26} />
              <div>
                <p className={styles.actHead}>
                  <b>{said.by.name}</b>
                  <span>{deskLine(said.by)}</span>
                  <span>{does}</span>
                  {pill}
                </p>
                <Words text={said.text} destroyed={entry !== undefined && entry.body === null} />
                <p className={styles.actRecord}>
                  <Time iso={said.at} form="both" />
                  <span className={styles.onRecord} title={say('entry-of-record', { seq: said.seq })}>
                    #{said.seq}
                    {entry && <ProofBadge operationId={operationId} entry={entry} trust={trust} words />}
                  </span>
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Words({ text, destroyed }: { readonly text: string; readonly destroyed: boolean }) {
  const say = useText('findings', findingsText);
  if (text !== '') return <p className={styles.words}>{defang(text)}</p>;
  return <p className={styles.noWords}>{say(destroyed ? 'destroyed' : 'no-words')}</p>;
}
