import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { SaveStatus } from '#client/features/boards/panels/board-states.tsx';
import { useHub } from '#client/features/identity/use-identity.ts';
import { api } from '#client/platform/api.ts';
import { useNow } from '#client/platform/clock.ts';
import { useRoom, useRoomFact } from '#client/platform/live-context.tsx';
import { operationKey } from '#client/platform/query-client.ts';
import { useText } from '#client/platform/text.ts';
import { bothStamps, elapsed } from '#client/platform/time.ts';
import { ExerciseBadge } from '#client/ui/item/pill.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import { readCheckpoint } from '#shared/contracts/review.ts';
import { tlpLabels } from '#shared/policy/markings.ts';
import { appText } from '../text.ts';
import styles from './room-footer.module.css';
import { useRecordRoom, useRoomFacts } from './room-view.ts';
import { useSave } from './save-context.tsx';

const RecordStanding = lazy(async () => ({
  default: (await import('#client/features/review/witnesses/record-standing.tsx')).RecordStanding,
}));

const CEILING = tlpLabels[4];

/** The truth: saved or not, how far the record is, and how far it is signed. */
export function RoomFooter() {
  const say = useText('app', appText);
  const hub = useHub();
  const head = useRoomFact((room) => room.cursor);
  const record = useRecordRoom();
  return (
    <footer className={styles.footer}>
      {hub.data?.mode === 'exercise' && <ExerciseBadge label={say('exercise')} />}
      <Saved />
      <span className={styles.number} title={say('foot.record-hint')}>
        {say('foot.record', { n: head.toLocaleString('en') })}
      </span>
      <Signed />
      <Suspense>
        <RecordStanding room={record} />
      </Suspense>
      <span className={styles.space} />
      <span className={styles.ceiling}>
        <span className={styles.word}>{say('foot.ceiling')}</span> <Tlp label={CEILING} />
      </span>
    </footer>
  );
}

function Saved() {
  const say = useText('app', appText);
  const { save } = useSave();
  const state = useRoomFact((room) => room.status.state);
  // What is not yet sent is told first: it is what a person can still lose.
  if (state === 'offline' && save?.state !== 'offline')
    return (
      <span className={styles.state} data-tone="warn">
        {say('foot.offline')}
      </span>
    );
  if (save) return <SaveStatus save={save} />;
  if (state === 'connecting')
    return (
      <span className={styles.state} data-tone="calm">
        {say('foot.connecting')}
      </span>
    );
  return null;
}

/** Milliseconds between looks: often while entries wait for a signature. */
const WAITING = 2_000;
const IDLE = 15_000;

function Signed() {
  const say = useText('app', appText);
  const { operationId } = useRoomFacts();
  const room = useRoom();
  const now = useNow(1000);
  const checkpoint = useQuery({
    queryKey: operationKey(operationId, 'checkpoint'),
    queryFn: ({ signal }) => api(readCheckpoint, { operationId }, { signal }),
    refetchInterval: ({ state }) => {
      if (room.status.state !== 'live') return false;
      return room.cursor > (state.data?.size ?? 0) ? WAITING : IDLE;
    },
  });
  if (!checkpoint.data) return null;
  const { signedAt, size } = checkpoint.data;
  if (!signedAt) return <span className={styles.signed}>{say('foot.unsigned')}</span>;
  return (
    <span className={styles.signed} title={say('foot.signed-hint', { time: bothStamps(signedAt) })}>
      {say('foot.signed', { n: size.toLocaleString('en'), ago: elapsed(Date.parse(signedAt), now) })}
    </span>
  );
}
