import { IconDownload, IconFileZip, IconListSearch, IconRefresh } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { Person } from '#shared/contracts/common.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { BeginReview } from './begin-review.tsx';
import { DensityStrip } from './density/density-strip.tsx';
import { EntryDrawer } from './entries/entry-drawer.tsx';
import { EntryList } from './entries/entry-list.tsx';
import { foldEntries, type Line } from './entries/fold.ts';
import { ExportRecord } from './export-record.tsx';
import { ExportPack } from './packs/export-pack.tsx';
import { packsText } from './packs/text.ts';
import styles from './review.module.css';
import { noFilter, type ReviewFilter } from './review-filter.ts';
import { ReviewFilters } from './review-filters.tsx';
import { reviewText } from './text.ts';
import { useBegun, useEntryPages } from './use-review.ts';
import { TrustLine } from './verify/trust-line.tsx';
import { useTrust } from './verify/use-trust.ts';

type Props = {
  readonly operationId: OperationId;
  readonly name: string;
  /** Origin of the operation's record: the name its key must carry. */
  readonly origin: string;
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
  readonly people: readonly Person[];
  readonly mayExport: boolean;
};

/** The record of the operation, read after the act that says so is on it. */
export function ReviewScreen(props: Props) {
  const begun = useBegun(props.operationId);
  if (!begun) return <BeginReview operationId={props.operationId} name={props.name} />;
  return <Reading {...props} />;
}

function Reading(props: Props) {
  const { operationId, origin, people } = props;
  const say = useText('review', reviewText);
  const [filter, setFilter] = useState(noFilter);
  const [chosen, setChosen] = useState<Line | null>(null);
  const trust = useTrust(operationId, origin).data;
  const pages = useEntryPages(operationId, useDeferredValue(filter));
  const lines = useMemo(
    () => foldEntries(pages.data?.pages.flatMap((page) => page.entries) ?? []),
    [pages.data],
  );
  const first = pages.data?.pages[0];
  const pick = (country: string, from: string, until: string) =>
    setFilter({ ...filter, country: country || filter.country, from, until });
  return (
    <div className={styles.screen}>
      <section className={styles.main} aria-label={say('title')}>
        <div className={styles.top}>
          <Head
            {...props}
            filter={filter}
            asOf={first?.asOf ?? null}
            total={first?.total ?? null}
            onAgain={() => pages.refetch()}
          />
          <TrustLine trust={trust} />
          <ReviewFilters filter={filter} onFilter={setFilter} people={people} />
          {first && <DensityStrip counts={first.density} onPick={pick} />}
        </div>
        {pages.isPending && <Loading label={say('loading')} rows={10} />}
        {pages.isError && (
          <Refused
            error={pages.error}
            actions={<Button onClick={() => pages.refetch()}>{say('again')}</Button>}
          />
        )}
        {first && lines.length === 0 && (
          <StateScreen icon={<IconListSearch size={28} stroke={1.4} />} title={say('none-title')}>
            {say('none')}
          </StateScreen>
        )}
        {lines.length > 0 && (
          <EntryList
            operationId={operationId}
            lines={lines}
            pages={pages}
            trust={trust}
            chosen={chosen?.newest.seq ?? null}
            onChoose={setChosen}
          />
        )}
      </section>
      {chosen && (
        <EntryDrawer
          operationId={operationId}
          line={chosen}
          trust={trust}
          compartments={props.compartments}
          onOnlyObject={(object) => setFilter({ ...noFilter, object } satisfies ReviewFilter)}
          onClose={() => setChosen(null)}
        />
      )}
    </div>
  );
}

type HeadProps = Props & {
  readonly filter: ReviewFilter;
  readonly asOf: number | null;
  readonly total: number | null;
  readonly onAgain: () => void;
};

function Head({ operationId, people, compartments, filter, mayExport, asOf, total, onAgain }: HeadProps) {
  const say = useText('review', reviewText);
  const head = useRoomFact((room) => room.cursor);
  const sayPack = useText('packs', packsText);
  const [exporting, setExporting] = useState<'record' | 'pack' | null>(null);
  const fresh = asOf === null ? 0 : head - asOf;
  return (
    <header className={styles.head}>
      <h2>{say('title')}</h2>
      {total !== null && <span className={styles.total}>{say('total', { count: total })}</span>}
      {fresh > 0 && (
        <Button look="quiet" className={styles.fresh ?? ''} onClick={onAgain}>
          <IconRefresh size={14} />
          {say('fresh', { count: fresh })}
        </Button>
      )}
      <span className={styles.space} />
      {mayExport && (
        <>
          <Button onClick={() => setExporting('pack')}>
            <IconFileZip size={15} />
            {sayPack('open')}
          </Button>
          <Button onClick={() => setExporting('record')}>
            <IconDownload size={15} />
            {say('export')}
          </Button>
        </>
      )}
      {exporting === 'record' && (
        <ExportRecord operationId={operationId} onClose={() => setExporting(null)} />
      )}
      {exporting === 'pack' && (
        <ExportPack
          operationId={operationId}
          filter={filter}
          people={people}
          compartments={compartments}
          onClose={() => setExporting(null)}
        />
      )}
    </header>
  );
}
