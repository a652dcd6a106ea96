import { IconHourglassLow } from '@tabler/icons-react';
import { useState } from 'react';

import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { dayOf } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { setRetention } from '#shared/contracts/lifecycle.ts';
import { can } from '#shared/policy/can.ts';

import styles from './course.module.css';
import type { CourseProps } from './course-view.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { retentionAt } from './retention.ts';
import { lifecycleText } from './text.ts';
import { useCourseAct } from './use-lifecycle.ts';

export function RetentionSection({ course, actor }: CourseProps) {
  const say = useText('lifecycle', lifecycleText);
  const { id, name, retainUntil, state } = course.operation;
  const retention = retentionAt(retainUntil, useNow(60_000));
  const [asking, setAsking] = useState(false);
  const [day, setDay] = useState(retainUntil ?? '');
  const change = useCourseAct(id, setRetention);
  if (state === 'purging' || state === 'purged') return null;
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h3>
          <IconHourglassLow size={15} />
          {say('retention.title')}
        </h3>
        {can(actor, 'operation.retain') && (
          <Button onClick={() => setAsking(true)}>{say('retention.change')}</Button>
        )}
      </div>
      <p>
        {retainUntil === null ? say('retention.none') : say('retention.until', { day: dayOf(retainUntil) })}
        {retention.state === 'ahead' && (
          <span className={styles.warn}>, {say('retention.ahead', { count: retention.days })}</span>
        )}
        {retention.state === 'passed' && <span className={styles.bad}>, {say('retention.passed')}</span>}
      </p>
      {asking && (
        <ReasonDialog
          title={say('retention.change-title', { name })}
          says={[say('retention.change-says')]}
          submit={say('retention.submit')}
          act={change}
          given={{ until: day === '' ? null : day }}
          onClose={() => setAsking(false)}
        >
          <TextField
            label={say('retention.day')}
            type="date"
            value={day}
            autoFocus
            onChange={(event) => setDay(event.target.value)}
          />
        </ReasonDialog>
      )}
    </section>
  );
}
