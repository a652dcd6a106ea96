import { IconArrowLeft, IconListSearch, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button, buttonClass, IconButton } from '#client/ui/controls/button.tsx';
import { Loading } from '#client/ui/states/states.tsx';
import type { Finding } from '#shared/contracts/review-findings.ts';
import { useLineAt } from '../entries/use-line-at.ts';
import type { PartProps } from '../parts.tsx';
import { AboutEntry } from './about-entry.tsx';
import { AnswerForm } from './answer-form.tsx';
import { ConcludeDialog } from './conclude-dialog.tsx';
import styles from './finding.module.css';
import { FindingPill, SortIcon } from './finding-pills.tsx';
import { FindingThread } from './finding-thread.tsx';
import { findingsText } from './text.ts';

type Props = PartProps & { readonly finding: Finding; readonly onLeave: () => void };

/** One finding: what it is about, what was said to it, what it came to, and every act of it on the record. */
export function FindingDetail(props: Props) {
  const { operationId, finding, compartments, mayFind, onLeave } = props;
  const say = useText('findings', findingsText);
  const head = useRef<HTMLHeadingElement>(null);
  const [concluding, setConcluding] = useState(false);
  useEffect(() => head.current?.focus(), []);
  const { sort, title, state, compartment } = finding;
  const received = compartments.find(({ id }) => id === compartment);
  return (
    <article className={styles.finding} aria-label={title}>
      <header className={styles.findingHead}>
        <IconButton className={styles.back ?? ''} label={say('back')} onClick={onLeave}>
          <IconArrowLeft size={18} />
        </IconButton>
        <div>
          <p className={styles.sortLine} data-sort={sort}>
            <SortIcon sort={sort} size={14} />
            {say(`sort.${sort}`)}
            <FindingPill finding={finding} />
          </p>
          <h2 ref={head} tabIndex={-1}>
            {title || say(`sort.${sort}`)}
          </h2>
          {received && <p className={styles.receivers}>{say('compartment', { name: received.name })}</p>}
        </div>
      </header>
      <About {...props} />
      <FindingThread {...props} />
      {!mayFind && state !== 'concluded' && <p className={styles.cannot}>{say('cannot-now')}</p>}
      {mayFind && (
        <AnswerForm
          operationId={operationId}
          finding={finding}
          conclude={<Button onClick={() => setConcluding(true)}>{say('conclude.open')}</Button>}
        />
      )}
      {concluding && (
        <ConcludeDialog operationId={operationId} finding={finding} onClose={() => setConcluding(false)} />
      )}
    </article>
  );
}

function About({ operationId, finding }: Props) {
  const say = useText('findings', findingsText);
  const { seq, kind } = finding.pinned;
  const line = useLineAt(operationId, kind === '' ? null : seq);
  const gone = kind === '' || line.data === null;
  return (
    <section className={styles.about} aria-label={say('about')}>
      <h3>{say('about')}</h3>
      {line.data && <AboutEntry line={line.data} />}
      {!gone && line.isPending && <Loading label={say('about')} rows={2} />}
      {(gone || line.isError) && <p>{say('about-gone', { seq })}</p>}
      {!gone && (
        <div className={styles.jumps}>
          <Link className={buttonClass} to={`?view=replay&at=${seq}`}>
            <IconPlayerPlay size={15} />
            {say('in-replay')}
          </Link>
          <Link className={buttonClass} to={`?entry=${seq}`}>
            <IconListSearch size={15} />
            {say('in-timeline')}
          </Link>
        </div>
      )}
    </section>
  );
}
