import { IconFolderPlus, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import { CreateOperation } from './create-operation.tsx';
import styles from './operations.module.css';
import { operationsText } from './text.ts';
import { useOperations } from './use-operations.ts';

export function OperationsScreen() {
  const say = useText('operations', operationsText);
  const operations = useOperations();
  const [creating, setCreating] = useState(false);
  const create = (
    <Button look="primary" onClick={() => setCreating(true)}>
      <IconPlus size={16} />
      {say('list.create')}
    </Button>
  );
  const rows = operations.data?.operations ?? [];
  return (
    <section className={styles.screen}>
      <header className={styles.head}>
        <div>
          <h1>{say('list.title')}</h1>
          <p>{say('list.lead')}</p>
        </div>
        {rows.length > 0 && create}
      </header>
      {operations.isPending && <Loading label={say('list.loading')} />}
      {operations.isError && (
        <Refused
          error={operations.error}
          actions={<Button onClick={() => operations.refetch()}>{say('again')}</Button>}
        />
      )}
      {operations.isSuccess && rows.length === 0 && (
        <StateScreen
          icon={<IconFolderPlus size={28} stroke={1.4} />}
          title={say('list.empty-title')}
          actions={create}
        >
          {say('list.empty')}
        </StateScreen>
      )}
      {rows.length > 0 && <OperationList rows={rows} />}
      {creating && <CreateOperation onClose={() => setCreating(false)} />}
    </section>
  );
}

function OperationList({ rows }: { readonly rows: readonly OperationSummary[] }) {
  const say = useText('operations', operationsText);
  const sorted = [...rows].sort(
    (a, b) =>
      Number(a.state === 'closed') - Number(b.state === 'closed') || b.createdAt.localeCompare(a.createdAt),
  );
  return (
    <ul className={styles.list}>
      {sorted.map((operation) => (
        <li key={operation.id}>
          <Link className={styles.row} to={`/o/${operation.id}`}>
            <span className={styles.title}>
              <b>{operation.name}</b>
              <Pill tone={operation.state === 'live' ? 'good' : 'plain'}>
                {say(`state.${operation.state}`)}
              </Pill>
            </span>
            <span className={styles.purpose}>{operation.purpose}</span>
            <span className={styles.facts}>
              <span>{say(`role.${operation.role}`)}</span>
              <span>
                {say(operation.closedAt ? 'list.closed' : 'list.opened')}{' '}
                <Time iso={operation.closedAt ?? operation.createdAt} form="stamp" />
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
