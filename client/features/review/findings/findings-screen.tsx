import { IconListSearch, IconPinned, IconPlayerPlay } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button, buttonClass } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { PartProps } from '../parts.tsx';
import { FindingDetail } from './finding-detail.tsx';
import styles from './findings.module.css';
import { everyFinding, isListed } from './findings.ts';
import { FindingsHead } from './findings-head.tsx';
import { FindingsList } from './findings-list.tsx';
import { findingsText } from './text.ts';
import { useFindings } from './use-findings.ts';

/** What the review came to: a list, and one of it with its answers and its conclusion. */
export function FindingsScreen(props: PartProps) {
  const { operationId, mayFind } = props;
  const say = useText('findings', findingsText);
  const read = useFindings(operationId);
  const [filter, setFilter] = useState(everyFinding);
  const [query, setQuery] = useSearchParams();
  const list = useRef<HTMLDivElement>(null);
  const chosenId = query.get('finding');
  const choose = (id: string | null) => setQuery({ view: 'findings', ...(id !== null && { finding: id }) });
  if (read.isPending) return <Loading label={say('loading')} rows={8} />;
  if (read.isError)
    return (
      <Refused error={read.error} actions={<Button onClick={() => read.refetch()}>{say('again')}</Button>} />
    );
  const all = read.data.findings;
  if (all.length === 0) return <Empty mayFind={mayFind} />;
  const shown = all.filter((finding) => isListed(finding, filter)).reverse();
  const chosen = all.find(({ id }) => id === chosenId);
  const leave = () => {
    choose(null);
    // The row may only be shown again by that: on a phone it was not.
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-finding="${chosenId}"]`)?.focus(),
    );
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape leads back to the list from anywhere in the finding.
    <div
      className={styles.screen}
      data-chosen={chosenId !== null}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented && chosenId !== null) leave();
      }}
    >
      <section className={styles.side} aria-label={say('title')} ref={list}>
        <FindingsHead {...props} all={all} filter={filter} onFilter={setFilter} />
        {shown.length === 0 ? (
          <StateScreen
            title={say('none-here-title')}
            actions={<Button onClick={() => setFilter(everyFinding)}>{say('filter.clear')}</Button>}
          >
            {say('none-here')}
          </StateScreen>
        ) : (
          <FindingsList findings={shown} chosen={chosenId} onChoose={choose} />
        )}
      </section>
      <section className={styles.detail}>
        {chosen && <FindingDetail key={chosen.id} {...props} finding={chosen} onLeave={leave} />}
        {!chosen && (
          <StateScreen
            icon={<IconPinned size={28} stroke={1.4} />}
            title={say(chosenId === null ? 'choose-title' : 'gone-title')}
            actions={chosenId !== null && <Button onClick={leave}>{say('back')}</Button>}
          >
            {say(chosenId === null ? 'choose' : 'gone')}
          </StateScreen>
        )}
      </section>
    </div>
  );
}

function Empty({ mayFind }: { readonly mayFind: boolean }) {
  const say = useText('findings', findingsText);
  return (
    <StateScreen
      icon={<IconPinned size={28} stroke={1.4} />}
      title={say('none-title')}
      actions={
        <>
          <Link className={buttonClass} to="?">
            <IconListSearch size={15} />
            {say('to-timeline')}
          </Link>
          <Link className={buttonClass} to="?view=replay">
            <IconPlayerPlay size={15} />
            {say('to-replay')}
          </Link>
        </>
      }
    >
      {say(mayFind ? 'none' : 'none-not-review')}
    </StateScreen>
  );
}
