import { IconArchive, IconFolderPlus, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Tabs } from '#client/ui/controls/tabs.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import { isAtWork } from '#shared/policy/lifecycle.ts';
import { CreateOperation } from './create-operation.tsx';
import { RetentionPill, StatePill } from './lifecycle/state-pill.tsx';
import styles from './operations.module.css';
import { operationsText } from './text.ts';
import { type Shelf, useOperations } from './use-operations.ts';

export function OperationsScreen() {
  const say = useText('operations', operationsText);
  const panel = useId();
  const [query, setQuery] = useSearchParams();
  const shelf: Shelf = query.has('archive') ? 'archive' : 'daily';
  const [creating, setCreating] = useState(false);
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <IconPlus size={16} />
      {say('list.create')}
    </Button>
  );
  return (
    <section className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1>{say('list.title')}</h1>
          <p>{say('list.lead')}</p>
        </div>
        {create}
      </header>
      <div className={styles.shelves}>
        <Tabs
          label={say('list.shelves')}
          panel={panel}
          chosen={shelf}
          onChoose={(next) => setQuery(next === 'archive' ? { archive: '' } : {})}
          tabs={[
            { id: 'daily', label: say('list.shelf.daily') },
            { id: 'archive', label: say('list.shelf.archive') },
          ]}
        />
      </div>
      <div id={panel} role="tabpanel" aria-label={say(`list.shelf.${shelf}`)}>
        <ShelfOf shelf={shelf} create={create} />
      </div>
      {creating && <CreateOperation onClose={() => setCreating(false)} />}
    </section>
  );
}

function ShelfOf({ shelf, create }: { readonly shelf: Shelf; readonly create: ReactNode }) {
  const say = useText('operations', operationsText);
  const operations = useOperations(shelf);
  if (operations.isPending) return <Loading label={say('list.loading')} />;
  if (operations.isError)
    return (
      <Refused
        error={operations.error}
        actions={<Button onClick={() => operations.refetch()}>{say('again')}</Button>}
      />
    );
  const rows = operations.data.operations;
  if (rows.length > 0) return <OperationList rows={rows} />;
  if (shelf === 'archive')
    return (
      <StateScreen icon={<IconArchive size={28} stroke={1.4} />} title={say('list.archive-empty-title')}>
        {say('list.archive-empty')}
      </StateScreen>
    );
  return (
    <StateScreen
      icon={<IconFolderPlus size={28} stroke={1.4} />}
      title={say('list.empty-title')}
      actions={create}
    >
      {say('list.empty')}
    </StateScreen>
  );
}

function OperationList({ rows }: { readonly rows: readonly OperationSummary[] }) {
  const say = useText('operations', operationsText);
  const sorted = [...rows].sort(
    (a, b) =>
      Number(!isAtWork(a.state)) - Number(!isAtWork(b.state)) || b.stateSince.localeCompare(a.stateSince),
  );
  return (
    <ul className={styles.list}>
      {sorted.map((operation) => (
        <li key={operation.id}>
          <Link className={styles.row} to={`/o/${operation.id}`}>
            <span className={styles.title}>
              <b>{operation.name}</b>
              <StatePill operation={operation} />
              <RetentionPill operation={operation} />
            </span>
            <span className={styles.purpose}>{operation.purpose}</span>
            <span className={styles.facts}>
              <span>{say(`role.${operation.role}`)}</span>
              <span>
                {say('list.since')} <Time iso={operation.stateSince} form="stamp" /> UTC
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
