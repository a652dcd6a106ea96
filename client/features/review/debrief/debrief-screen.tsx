import { IconDownload, IconPrinter, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useNavigate } from 'react-router';
import { failureOf } from '#client/platform/failure.ts';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Debrief } from '#shared/contracts/review-report.ts';
import { DensityStrip } from '../density/density-strip.tsx';
import { findingAddress } from '../findings/pinned-here.tsx';
import type { PartProps } from '../parts.tsx';
import { type Opening, useOpenAgain, useOpening } from '../use-review.ts';
import { ByCountry } from './by-country.tsx';
import styles from './debrief.module.css';
import { dated } from './figures.ts';
import { KeyMoments } from './key-moments.tsx';
import { Outcome } from './outcome.tsx';
import { Paper } from './paper.tsx';
import { PartHead } from './part-head.tsx';
import { SaveDebrief } from './save-debrief.tsx';
import { debriefText } from './text.ts';
import { Totals } from './totals.tsx';
import { useDebrief } from './use-debrief.ts';

/** What the operation came to, in figures for each country. */
export function DebriefScreen(props: PartProps) {
  const say = useText('debrief', debriefText);
  const opening = useOpening(props.operationId, 'report', props.purpose);
  if (opening.data) return <Opened {...props} opening={opening.data} />;
  if (opening.isError)
    return (
      <Refused
        error={opening.error}
        actions={<Button onClick={() => opening.refetch()}>{say('again')}</Button>}
      />
    );
  return <Loading label={say('opening')} rows={8} />;
}

function Opened(props: PartProps & { readonly opening: Opening }) {
  const { operationId, opening, people, officer } = props;
  const say = useText('debrief', debriefText);
  const read = useDebrief(operationId, opening.reading);
  const openAgain = useOpenAgain(operationId, 'report');
  const navigate = useNavigate();
  if (read.isPending) return <Loading label={say('reading')} rows={10} />;
  const again = () => (failureOf(read.error).where === 'reading' ? openAgain() : void read.refetch());
  const refused = <Refused error={read.error} actions={<Button onClick={again}>{say('again')}</Button>} />;
  if (read.isError && !read.data) return refused;
  const debrief = read.data;
  return (
    <div className={styles.scroll}>
      <article className={styles.page} aria-label={say('title')} aria-busy={read.isFetching}>
        <Head {...props} debrief={debrief} counting={read.isFetching} onAgain={() => read.refetch()} />
        {read.isError && refused}
        <Totals debrief={debrief} />
        <section className={styles.part} aria-labelledby="debrief-hours">
          <PartHead id="debrief-hours" title={say('hours')} says={say('hours-says')} />
          <DensityStrip
            counts={debrief.density}
            findings={debrief.findings}
            onFinding={(finding) => navigate(findingAddress(finding.id))}
          />
        </section>
        <ByCountry countries={debrief.countries} />
        <Outcome findings={debrief.findings} />
        <KeyMoments moments={debrief.moments} />
      </article>
      {createPortal(
        <Paper
          debrief={debrief}
          reading={opening.reading}
          reader={people.find((person) => person.officer === officer)}
        />,
        document.body,
      )}
    </div>
  );
}

type HeadProps = PartProps & {
  readonly debrief: Debrief;
  readonly counting: boolean;
  readonly onAgain: () => void;
};

function Head({ operationId, debrief, counting, onAgain }: HeadProps) {
  const say = useText('debrief', debriefText);
  const head = useRoomFact((room) => room.cursor);
  const [saving, setSaving] = useState(false);
  const { operation, marking, from, until, asOf } = debrief;
  const fresh = head - asOf;
  return (
    <header className={styles.head}>
      <div className={styles.titles}>
        <h2>
          {say('title')} · {operation.name} <Tlp label={marking} />
        </h2>
        {operation.purpose !== '' && <p className={styles.purpose}>{operation.purpose}</p>}
        <p className={styles.span}>
          <span>{say('span', { from: dated(from), until: dated(until) })}</span>
          <span>{say('as-of', { count: asOf })}</span>
          <span>{say('of-what-you-see')}</span>
        </p>
      </div>
      <div className={styles.buttons}>
        {(fresh > 0 || counting) && (
          <Button look="quiet" className={styles.fresh ?? ''} busy={counting} onClick={onAgain}>
            <IconRefresh size={14} />
            {counting ? say('counting') : say('fresh', { count: fresh })}
          </Button>
        )}
        <Button onClick={() => window.print()}>
          <IconPrinter size={15} />
          {say('print')}
        </Button>
        <Button onClick={() => setSaving(true)}>
          <IconDownload size={15} />
          {say('save')}
        </Button>
      </div>
      {saving && <SaveDebrief operationId={operationId} onClose={() => setSaving(false)} />}
    </header>
  );
}
