import { IconArchive, IconFlame, IconShieldCheck } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextArea } from '#client/ui/controls/field.tsx';
import { Loading, Refused, Trouble } from '#client/ui/states/states.tsx';
import type { Me } from '#shared/contracts/identity.ts';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import { type Actor, can } from '#shared/policy/can.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';

import { useOperations } from '../use-operations.ts';
import { CertificateView } from './certificate-view.tsx';
import { CourseView } from './course-view.tsx';
import styles from './shelved.module.css';
import { StatePill } from './state-pill.tsx';
import { lifecycleText } from './text.ts';
import { useLifecycle, useStatePurpose } from './use-lifecycle.ts';

type Props = {
  readonly operationId: OperationSummary['id'];
  readonly me: Me;
  /** The purpose is stated: the room can be opened. */
  readonly onRead: () => void;
};

/** In place of the room of an operation that is archived, being purged, or purged. */
export function ShelvedScreen({ operationId, me, onRead }: Props) {
  const say = useText('lifecycle', lifecycleText);
  const archive = useOperations('archive');
  if (archive.isPending) return <Loading label={say('loading')} />;
  if (archive.isError) return <Refused error={archive.error} />;
  const operation = archive.data.operations.find(({ id }) => id === operationId);
  if (!operation)
    return archive.isFetching ? <Loading label={say('loading')} /> : <Elsewhere onGo={onRead} />;
  return <Shelved operation={operation} me={me} onRead={onRead} refresh={() => archive.refetch()} />;
}

/** It is not on this shelf after all: the room says what it is. */
function Elsewhere({ onGo }: { readonly onGo: () => void }) {
  useEffect(() => onGo(), [onGo]);
  return null;
}

type ShelvedProps = Omit<Props, 'operationId'> & {
  readonly operation: OperationSummary;
  readonly refresh: () => void;
};

function Shelved({ operation, me, onRead, refresh }: ShelvedProps) {
  const actor: Actor = { role: operation.role, desk: me.deskKind, operation: operation.state };
  const follows = can(actor, 'operation.follow');
  return (
    <div className={styles.screen}>
      <header className={styles.head}>
        <h1>{operation.name}</h1>
        <StatePill operation={operation} />
      </header>
      {operation.state === 'archived' && <StatePurpose operation={operation} onRead={onRead} />}
      {operation.state !== 'archived' && follows && <Purged operation={operation} refresh={refresh} />}
      {operation.state !== 'archived' && !follows && <PurgedForPartner />}
      {operation.state === 'archived' && follows && (
        <div className={styles.card}>
          <CourseView operationId={operation.id} actor={actor} me={me} />
          <WatchState operationId={operation.id} shown={operation.state} refresh={refresh} />
        </div>
      )}
    </div>
  );
}

const PURPOSE = 300;

function StatePurpose({
  operation,
  onRead,
}: {
  readonly operation: OperationSummary;
  readonly onRead: () => void;
}) {
  const say = useText('lifecycle', lifecycleText);
  const state = useStatePurpose(operation.id);
  const [purpose, setPurpose] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (purpose.trim() !== '') state.mutate(purpose, { onSuccess: onRead });
  };
  return (
    <form className={styles.card} onSubmit={submit}>
      <div className={styles.title}>
        <IconArchive size={22} stroke={1.5} />
        <h2>{say('archived.title')}</h2>
      </div>
      <p>{say('archived.says')}</p>
      <TextArea
        label={say('archived.purpose')}
        hint={say('archived.purpose-hint', { left: PURPOSE - purpose.length })}
        value={purpose}
        maxLength={PURPOSE}
        rows={2}
        onChange={(event) => setPurpose(event.target.value)}
      />
      <Trouble error={state.error} />
      <div>
        <Button look="primary" type="submit" disabled={purpose.trim() === ''} busy={state.isPending}>
          {say('archived.submit')}
        </Button>
      </div>
    </form>
  );
}

/** The list and the course are two readings: when one shows the operation further on, the other follows. */
function WatchState({
  operationId,
  shown,
  refresh,
}: {
  readonly operationId: OperationSummary['id'];
  readonly shown: OperationState;
  readonly refresh: () => void;
}) {
  const state = useLifecycle(operationId).data?.operation.state;
  useEffect(() => {
    if (state !== undefined && state !== shown) refresh();
  }, [state, shown, refresh]);
  return null;
}

function Purged({
  operation,
  refresh,
}: {
  readonly operation: OperationSummary;
  readonly refresh: () => void;
}) {
  const say = useText('lifecycle', lifecycleText);
  const lifecycle = useLifecycle(operation.id);
  const over = operation.state === 'purged';
  return (
    <div className={styles.card}>
      <WatchState operationId={operation.id} shown={operation.state} refresh={refresh} />
      <div className={styles.title} data-tone={over ? 'calm' : 'bad'}>
        {over ? <IconShieldCheck size={22} stroke={1.5} /> : <IconFlame size={22} stroke={1.5} />}
        <h2>{say(over ? 'purged.title' : 'purging.title')}</h2>
      </div>
      <p>{say(over ? 'purged.says' : 'purging.says')}</p>
      {lifecycle.isError && <Trouble error={lifecycle.error} />}
      {over ? (
        <CertificateView operation={operation} signed={lifecycle.data?.purge?.certified ?? false} />
      ) : (
        <Progress {...(lifecycle.data?.purge?.progress ?? { done: 0, total: 0 })} />
      )}
    </div>
  );
}

function Progress({ done, total }: { readonly done: number; readonly total: number }) {
  const say = useText('lifecycle', lifecycleText);
  const words = done === 0 ? say('purging.rows') : say('purging.progress', { done, total });
  return (
    <div className={styles.progress}>
      <progress value={done} max={Math.max(total, 1)} aria-label={words} />
      <span role="status">{words}</span>
    </div>
  );
}

function PurgedForPartner() {
  const say = useText('lifecycle', lifecycleText);
  return (
    <div className={styles.card}>
      <div className={styles.title}>
        <IconShieldCheck size={22} stroke={1.5} />
        <h2>{say('purged.title')}</h2>
      </div>
      <p>{say('purged.partner')}</p>
    </div>
  );
}
