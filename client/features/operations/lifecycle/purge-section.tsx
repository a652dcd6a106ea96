import { IconFlame } from '@tabler/icons-react';
import { useState } from 'react';

import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { bothStamps } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { askPurge, confirmPurge, type Purge, withdrawPurge } from '#shared/contracts/purge.ts';
import { can } from '#shared/policy/can.ts';

import styles from './course.module.css';
import type { CourseProps } from './course-view.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { lifecycleText } from './text.ts';
import { useCourseAct } from './use-lifecycle.ts';

type Asking = 'ask' | 'confirm' | 'withdraw';

/** Two officers of two desks: one asks, another confirms. */
export function PurgeSection({ course, actor, me }: CourseProps) {
  const say = useText('lifecycle', lifecycleText);
  const now = useNow(60_000);
  const [asking, setAsking] = useState<Asking | null>(null);
  const { onHold, state } = course.operation;
  const { purge } = course;
  if (state === 'purging' || state === 'purged') return null;
  const stands = purge !== null && Date.parse(purge.confirmBefore) > now;
  const may = can(actor, 'operation.purge');
  const sameDesk = stands && purge.askedBy?.desk === me.desk;
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h3>
          <IconFlame size={15} />
          {say('purge.title')}
        </h3>
        {may && !stands && (
          <Button disabled={onHold} onClick={() => setAsking('ask')}>
            {say('purge.ask')}
          </Button>
        )}
      </div>
      {onHold ? (
        <p className={styles.warn}>{say('purge.held')}</p>
      ) : (
        <p>{say(state === 'archived' ? 'purge.may' : 'purge.not-yet')}</p>
      )}
      {purge && <Request purge={purge} stands={stands} sameDesk={sameDesk} />}
      {may && stands && (
        <div className={styles.acts}>
          {!sameDesk && (
            <Button look="danger" disabled={onHold} onClick={() => setAsking('confirm')}>
              {say('purge.confirm')}
            </Button>
          )}
          <Button onClick={() => setAsking('withdraw')}>{say('purge.withdraw')}</Button>
        </div>
      )}
      {asking && <PurgeDialog course={course} asking={asking} onClose={() => setAsking(null)} />}
    </section>
  );
}

type RequestProps = { readonly purge: Purge; readonly stands: boolean; readonly sameDesk: boolean };

function Request({ purge, stands, sameDesk }: RequestProps) {
  const say = useText('lifecycle', lifecycleText);
  const { askedBy, reason, confirmBefore } = purge;
  const desk = askedBy?.desk ?? '—';
  return (
    <>
      <p className={stands ? styles.bad : undefined}>
        {say('purge.asked', { name: askedBy?.name ?? '—', desk, reason })}
      </p>
      <p>
        {stands ? say('purge.until', { time: bothStamps(confirmBefore) }) : say('purge.expired')}{' '}
        {sameDesk && say('purge.same-desk', { desk })}
      </p>
    </>
  );
}

type DialogProps = Pick<CourseProps, 'course'> & { readonly asking: Asking; readonly onClose: () => void };

const calls = { ask: askPurge, confirm: confirmPurge, withdraw: withdrawPurge } as const;

function PurgeDialog({ course, asking, onClose }: DialogProps) {
  const say = useText('lifecycle', lifecycleText);
  const { id, name } = course.operation;
  const act = useCourseAct(id, calls[asking]);
  const final = asking !== 'withdraw';
  return (
    <ReasonDialog
      title={say(`purge.${asking}-title`, { name })}
      says={[say(`purge.${asking}-says`), ...(final ? [say('purge.ask-reach')] : [])]}
      submit={say(`purge.${asking}`)}
      danger={final}
      {...(final && { typeName: name })}
      reasoned={asking !== 'confirm'}
      act={act}
      onClose={onClose}
    />
  );
}
