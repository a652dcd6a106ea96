import { IconGavel } from '@tabler/icons-react';
import { useState } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { type LegalHold, liftHold, setHold } from '#shared/contracts/lifecycle.ts';
import { can } from '#shared/policy/can.ts';

import styles from './course.module.css';
import type { Course, CourseProps } from './course-view.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { lifecycleText } from './text.ts';
import { useCourseAct } from './use-lifecycle.ts';

type Asking = { readonly what: 'set' } | { readonly what: 'lift'; readonly hold: LegalHold };

export function HoldSection({ course, actor }: CourseProps) {
  const say = useText('lifecycle', lifecycleText);
  const [asking, setAsking] = useState<Asking | null>(null);
  const may = can(actor, 'operation.hold');
  const { onHold, state } = course.operation;
  if (state === 'purging' || state === 'purged') return null;
  const none = state === 'archived' ? 'hold.none-archived' : 'hold.none';
  return (
    <section className={styles.section}>
      <div className={styles.head}>
        <h3>
          <IconGavel size={15} />
          {say('hold.title')}
        </h3>
        {may && <Button onClick={() => setAsking({ what: 'set' })}>{say('hold.set')}</Button>}
      </div>
      <p className={onHold ? styles.warn : undefined}>{say(onHold ? 'hold.stands' : none)}</p>
      {course.holds.length > 0 && (
        <ul className={styles.holds}>
          {course.holds.map((hold) => (
            <li key={hold.id} className={styles.hold} data-lifted={hold.lifted !== null}>
              <b>{hold.authority}</b>
              <span>{hold.reason}</span>
              <HoldFacts hold={hold} />
              {may && hold.lifted === null && (
                <Button onClick={() => setAsking({ what: 'lift', hold })}>{say('hold.lift')}</Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {asking?.what === 'set' && <SetHold course={course} onClose={() => setAsking(null)} />}
      {asking?.what === 'lift' && (
        <LiftHold course={course} hold={asking.hold} onClose={() => setAsking(null)} />
      )}
    </section>
  );
}

function HoldFacts({ hold }: { readonly hold: LegalHold }) {
  const say = useText('lifecycle', lifecycleText);
  const { setBy, setAt, lifted } = hold;
  return (
    <span>
      {say('hold.by', { name: setBy?.name ?? '—' })}, <Time iso={setAt} form="stamp" />
      {lifted && (
        <>
          {'. '}
          {say('hold.lifted', { name: lifted.by?.name ?? '—', reason: lifted.reason })},{' '}
          <Time iso={lifted.at} form="stamp" />
        </>
      )}
    </span>
  );
}

type DialogProps = { readonly course: Course; readonly onClose: () => void };

function SetHold({ course, onClose }: DialogProps) {
  const say = useText('lifecycle', lifecycleText);
  const { id, name } = course.operation;
  const [authority, setAuthority] = useState('');
  return (
    <ReasonDialog
      title={say('hold.set-title', { name })}
      says={[say('hold.set-says')]}
      submit={say('hold.set')}
      act={useCourseAct(id, setHold)}
      given={{ authority }}
      ready={authority.trim() !== ''}
      onClose={onClose}
    >
      <TextField
        label={say('hold.authority')}
        value={authority}
        maxLength={200}
        autoFocus
        onChange={(event) => setAuthority(event.target.value)}
      />
    </ReasonDialog>
  );
}

function LiftHold({ course, hold, onClose }: DialogProps & { readonly hold: LegalHold }) {
  const say = useText('lifecycle', lifecycleText);
  return (
    <ReasonDialog
      title={say('hold.lift-title', { authority: hold.authority })}
      says={[say('hold.lift-says')]}
      submit={say('hold.lift-submit')}
      act={useCourseAct(course.operation.id, liftHold)}
      given={{ holdId: hold.id }}
      onClose={onClose}
    />
  );
}
