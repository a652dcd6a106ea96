import { useState } from 'react';
import { Link } from 'react-router';
import { useEntries } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Select } from '#client/ui/controls/field.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { type Finding, findingStates } from '#shared/contracts/review-findings.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import { actOf, actorOf } from '../entries/describe.ts';
import type { ReviewProps } from '../review-head.tsx';
import { reviewText } from '../text.ts';
import styles from './findings.module.css';
import type { FindingFilter, FindingSort } from './findings.ts';
import { findingAddress } from './pinned-here.tsx';
import { findingsText } from './text.ts';

type Props = Pick<ReviewProps, 'officer'> & {
  readonly all: readonly Finding[];
  readonly filter: FindingFilter;
  readonly onFilter: (filter: FindingFilter) => void;
};

/** How many there are in each state, which are listed, and what somebody else did just now. */
export function FindingsHead({ all, filter, onFilter, officer }: Props) {
  const say = useText('findings', findingsText);
  const count = (state: Finding['state'] | '') =>
    all.filter((one) => state === '' || one.state === state).length;
  return (
    <header className={styles.head}>
      <div className={styles.titles}>
        <h2>{say('title')}</h2>
        <span>{say('total', { count: all.length })}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row that scrolls. */}
      <div className={styles.states} role="group" aria-label={say('filter.state')}>
        {(['', ...findingStates] as const).map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={filter.state === state}
            onClick={() => onFilter({ ...filter, state })}
          >
            {say(state === '' ? 'filter.all' : `state.${state}`)} <b>{count(state)}</b>
          </button>
        ))}
      </div>
      <Select<FindingSort | ''>
        label={say('filter.sort')}
        bare
        small
        value={filter.sort}
        onPick={(sort) => onFilter({ ...filter, sort })}
        options={[
          { value: '', label: say('filter.both') },
          { value: 'finding', label: say('filter.findings') },
          { value: 'question', label: say('filter.questions') },
        ]}
      />
      <News officer={officer} all={all} />
    </header>
  );
}

/** The last act of another reviewer while this is on screen; it leads to its finding. */
function News({ officer, all }: Pick<Props, 'officer' | 'all'>) {
  const say = useText('findings', findingsText);
  const sayEntry = useText('review', reviewText);
  const [news, setNews] = useState<EntryOnWire | null>(null);
  useEntries((entries) => {
    const last = entries.findLast(({ kind, by }) => /^finding\./.test(kind) && by?.officer !== officer);
    if (last) setNews(last);
  });
  const about = news && all.find(({ id }) => id === news.object?.id);
  return (
    <div className={styles.news} role="status">
      {news && about && (
        <Link to={findingAddress(about.id)}>
          <span>{say('news', { name: actorOf(news, sayEntry), act: actOf(news, sayEntry) })}</span>
          <b>{about.title}</b>
          <Time iso={news.at} />
        </Link>
      )}
    </div>
  );
}
