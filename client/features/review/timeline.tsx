import { IconListSearch, IconSearchOff } from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { useNavigate } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import { isoTime } from '#shared/kernel/clock.ts';
import { DensityStrip } from './density/density-strip.tsx';
import { EntryDrawer } from './entries/entry-drawer.tsx';
import { EntryList } from './entries/entry-list.tsx';
import type { Line } from './entries/line.ts';
import { useLinkedLine } from './entries/use-linked-line.ts';
import { isFiltered, noFilter, type ReviewFilter } from './filters/review-filter.ts';
import { ReviewFilters } from './filters/review-filters.tsx';
import { PinDialog } from './findings/pin-dialog.tsx';
import { findingAddress } from './findings/pinned-here.tsx';
import { useFindings } from './findings/use-findings.ts';
import styles from './review.module.css';
import { type ReviewProps, TimelineHead } from './review-head.tsx';
import { SearchBox } from './search/search-box.tsx';
import { Strands } from './search/strands.tsx';
import { reviewText } from './text.ts';
import { useSearch, useTimeline } from './use-timeline.ts';
import type { Trust } from './verify/trust.ts';
import { TrustLine } from './verify/trust-line.tsx';

type Props = ReviewProps & { readonly purpose: string; readonly trust: Trust | undefined };

/** Boards, chat, indicators, people, access, exports and denials as one list; or what a search found in it. */
export function Timeline(props: Props) {
  const { operationId, people, compartments, purpose, trust, mayFind } = props;
  const say = useText('review', reviewText);
  const [filter, setFilter] = useState(noFilter);
  const [sought, setSought] = useState('');
  const [picked, setPicked] = useState<Line | null>(null);
  const { linked, leave } = useLinkedLine(operationId, (line) => {
    setSought('');
    setFilter({ ...noFilter, until: minuteAfter(line.entry.at) });
  });
  const chosen = picked ?? linked?.line ?? null;
  const setChosen = (line: Line | null) => {
    setPicked(line);
    if (line === null) leave();
  };
  const [pinning, setPinning] = useState<number | null>(null);
  const navigate = useNavigate();
  const findings = useFindings(operationId).data?.findings;
  const held = useDeferredValue(filter);
  const timeline = useTimeline(operationId, held);
  const search = useSearch(operationId, { text: sought, purpose }, held);
  const { pages, lines } = sought === '' ? timeline : search;
  const whole = timeline.pages.data?.pages[0];
  const found = search.pages.data?.pages[0];
  const pick = (country: string, from: string, until: string) =>
    setFilter({ ...filter, country: country || filter.country, from, until });
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape puts the drawer away from anywhere here. */}
      <div
        className={styles.screen}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.defaultPrevented) setChosen(null);
        }}
      >
        <section className={styles.main} aria-label={say('title')}>
          <div className={styles.top}>
            <TimelineHead
              {...props}
              filter={filter}
              shown={sought === '' ? whole : found}
              searching={sought !== ''}
              onAgain={() => pages.refetch()}
            />
            <TrustLine trust={trust} />
            {linked?.line === null && <p role="status">{say('linked.gone', { seq: linked.seq })}</p>}
            <search className={styles.search}>
              <SearchBox sought={sought} busy={search.pages.isFetching} onSeek={setSought} />
              <Strands chosen={filter.group} onChoose={(group) => setFilter({ ...filter, group })} />
              <ReviewFilters
                filter={filter}
                onFilter={setFilter}
                people={people}
                compartments={compartments}
              />
            </search>
            {whole && (
              <DensityStrip
                counts={whole.density}
                onPick={pick}
                {...(findings && { findings })}
                onFinding={(finding) => navigate(findingAddress(finding.id))}
              />
            )}
          </div>
          {pages.isPending && <Loading label={say(sought === '' ? 'loading' : 'search.busy')} rows={10} />}
          {pages.isError && (
            <Refused
              error={pages.error}
              actions={<Button onClick={() => pages.refetch()}>{say('again')}</Button>}
            />
          )}
          {pages.data && lines.length === 0 && (
            <Nothing sought={sought} filter={filter} onClear={() => setFilter(noFilter)} />
          )}
          {lines.length > 0 && (
            <EntryList
              operationId={operationId}
              lines={lines}
              pages={pages}
              trust={trust}
              chosen={chosen?.entry.seq ?? null}
              sought={sought}
              onChoose={setChosen}
              onPin={mayFind ? ({ entry }) => setPinning(entry.seq) : undefined}
            />
          )}
        </section>
        {chosen && (
          <EntryDrawer
            operationId={operationId}
            line={chosen}
            trust={trust}
            compartments={compartments}
            onOnlyObject={(object) => setFilter({ ...noFilter, object } satisfies ReviewFilter)}
            onPin={mayFind ? () => setPinning(chosen.entry.seq) : undefined}
            onClose={() => setChosen(null)}
          />
        )}
      </div>
      {pinning !== null && (
        <PinDialog operationId={operationId} seq={pinning} onClose={() => setPinning(null)} />
      )}
    </>
  );
}

/** Times of the filter are whole minutes. */
function minuteAfter(iso: string): string {
  const at = Date.parse(iso);
  return isoTime(at - (at % 60_000) + 60_000);
}

type NothingProps = {
  readonly sought: string;
  readonly filter: ReviewFilter;
  readonly onClear: () => void;
};

function Nothing({ sought, filter, onClear }: NothingProps) {
  const say = useText('review', reviewText);
  const filtered = isFiltered(filter);
  const actions = filtered && <Button onClick={onClear}>{say('filter.clear')}</Button>;
  if (sought === '')
    return (
      <StateScreen
        icon={<IconListSearch size={28} stroke={1.4} />}
        title={say('none-title')}
        actions={actions}
      >
        {say('none')}
      </StateScreen>
    );
  return (
    <StateScreen
      icon={<IconSearchOff size={28} stroke={1.4} />}
      title={say('search.none-title', { text: sought })}
      actions={actions}
    >
      {say(filtered ? 'search.none-filtered' : 'search.none')}
    </StateScreen>
  );
}
