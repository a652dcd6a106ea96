import { useState } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { bothStamps, utcStamp } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { KeyMoment } from '#shared/contracts/review-report.ts';
import { groupOf } from '#shared/review/groups.ts';
import { StrandIcon } from '../search/strand-icon.tsx';
import { reviewText } from '../text.ts';
import styles from './debrief.module.css';
import { PartHead } from './part-head.tsx';
import { debriefText } from './text.ts';

/** Shown before somebody asks for all of them. */
const FIRST = 40;

/** What the operation went through, in the order of the record; each leads to its replay. */
export function KeyMoments({ moments }: { readonly moments: readonly KeyMoment[] }) {
  const say = useText('debrief', debriefText);
  const [all, setAll] = useState(false);
  const shown = all ? moments : moments.slice(0, FIRST);
  return (
    <section className={styles.part} aria-labelledby="debrief-moments">
      <PartHead id="debrief-moments" title={say('moments')} />
      {moments.length === 0 && <p className={styles.none}>{say('moments-none')}</p>}
      <ol className={styles.moments}>
        {shown.map((moment) => (
          <li key={moment.seq}>
            <Moment moment={moment} />
          </li>
        ))}
      </ol>
      {shown.length < moments.length && (
        <Button onClick={() => setAll(true)}>{say('moments-all', { count: moments.length })}</Button>
      )}
    </section>
  );
}

function Moment({ moment }: { readonly moment: KeyMoment }) {
  const say = useText('debrief', debriefText);
  const { seq, at, kind, country, about } = moment;
  const act = useMomentAct(kind);
  return (
    <Link to={`?view=replay&at=${seq}`} title={say('moment-replay', { seq })}>
      <time dateTime={at} title={bothStamps(at)}>
        {utcStamp(at)}
      </time>
      <span className={styles.momentCountry}>{country ?? say('hub')}</span>
      <StrandIcon strand={groupOf(kind, 'ok')} />
      <span>{act}</span>
      <span className={styles.momentAbout}>{about}</span>
    </Link>
  );
}

function useMomentAct(kind: string): string {
  const say = useText('review', reviewText);
  return isEventKind(kind) ? say(`kind.${kind}`) : kind;
}
