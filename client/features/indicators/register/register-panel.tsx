import {
  IconDatabaseOff,
  IconDatabasePlus,
  IconDownload,
  IconFileImport,
  IconPlus,
  IconX,
} from '@tabler/icons-react';
import { useDeferredValue, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button, IconButton } from '#client/ui/controls/button.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { CompartmentId, IndicatorId, OperationId } from '#shared/kernel/ids.ts';
import { type Actor, can } from '#shared/policy/can.ts';
import { AddIndicator } from '../add-indicator.tsx';
import { ExportDialog } from '../export-dialog.tsx';
import { ImportDialog } from '../import/import-dialog.tsx';
import { indicatorsText } from '../text.ts';
import { useRegister } from '../use-indicators.ts';
import styles from './register.module.css';
import { isFiltered, noFilter } from './register-cache.ts';
import { RegisterFilters } from './register-filters.tsx';
import { RegisterTable } from './register-table.tsx';

export type RegisterProps = {
  readonly operationId: OperationId;
  readonly actor: Actor;
  readonly compartments: readonly { readonly id: CompartmentId; readonly name: string }[];
  readonly chosen: string | null;
  readonly onOpen: (id: IndicatorId) => void;
};

type Asking = 'add' | 'import' | 'export';

export function RegisterPanel(props: RegisterProps) {
  const say = useText('indicators', indicatorsText);
  const { operationId, actor, compartments } = props;
  const [filter, setFilter] = useState(noFilter);
  const asked = useDeferredValue(filter);
  const register = useRegister(operationId, isFiltered(asked) ? asked : noFilter);
  const [asking, setAsking] = useState<Asking | null>(null);
  const first = register.data?.pages[0];
  const rows = register.data?.pages.flatMap((page) => page.indicators) ?? [];
  const mayAdd = can(actor, 'indicator.add');
  const done = () => setAsking(null);
  return (
    <div className={styles.panel}>
      <div className={styles.tools}>
        <RegisterFilters
          filter={filter}
          onFilter={setFilter}
          types={first?.types ?? []}
          originators={first?.originators ?? []}
        />
        <div className={styles.line}>
          <span className={styles.total} role="status">
            {first && say('total', { count: first.total })}
            {isFiltered(filter) && (
              <IconButton label={say('filter.clear')} onClick={() => setFilter(noFilter)}>
                <IconX size={13} />
              </IconButton>
            )}
          </span>
          {mayAdd && (
            <>
              <Button onClick={() => setAsking('add')}>
                <IconPlus size={15} />
                {say('add')}
              </Button>
              <Button onClick={() => setAsking('import')}>
                <IconFileImport size={15} />
                {say('import')}
              </Button>
            </>
          )}
          {can(actor, 'indicator.export') && (
            <IconButton label={say('export')} onClick={() => setAsking('export')}>
              <IconDownload size={16} />
            </IconButton>
          )}
        </div>
      </div>
      {register.isPending && <Loading label={say('loading')} rows={9} />}
      {register.isError && (
        <Refused
          error={register.error}
          actions={<Button onClick={() => register.refetch()}>{say('again')}</Button>}
        />
      )}
      {first && rows.length === 0 && <Nothing filtered={isFiltered(filter)} />}
      {rows.length > 0 && <RegisterTable {...props} rows={rows} register={register} />}
      {asking === 'add' && (
        <AddIndicator operationId={operationId} compartments={compartments} onClose={done} />
      )}
      {asking === 'import' && (
        <ImportDialog operationId={operationId} compartments={compartments} onClose={done} />
      )}
      {asking === 'export' && <ExportDialog operationId={operationId} onClose={done} />}
    </div>
  );
}

function Nothing({ filtered }: { readonly filtered: boolean }) {
  const say = useText('indicators', indicatorsText);
  const icon = filtered ? (
    <IconDatabaseOff size={26} stroke={1.4} />
  ) : (
    <IconDatabasePlus size={26} stroke={1.4} />
  );
  return (
    <StateScreen icon={icon} title={say(filtered ? 'none-title' : 'empty-title')}>
      {say(filtered ? 'none' : 'empty')}
    </StateScreen>
  );
}
