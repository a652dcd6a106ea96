import { useState } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { Me } from '#shared/contracts/identity.ts';
import {
  archiveOperation,
  beginReview,
  type readLifecycle,
  startOperation,
} from '#shared/contracts/lifecycle.ts';
import { closeOperation } from '#shared/contracts/operations.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { type Actor, can } from '#shared/policy/can.ts';
import { type OperationState, operationStates } from '#shared/policy/lifecycle.ts';

import styles from './course.module.css';
import { HoldSection } from './hold-section.tsx';
import { PurgeSection } from './purge-section.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { RetentionSection } from './retention-section.tsx';
import { lifecycleText } from './text.ts';
import { useCourseAct, useLifecycle } from './use-lifecycle.ts';

export type Course = ReplyOf<typeof readLifecycle>;
export type CourseProps = { readonly course: Course; readonly actor: Actor; readonly me: Me };

type Props = { readonly operationId: OperationId; readonly actor: Actor; readonly me: Me };

/** How the operation came to stand where it stands, what keeps it, and what comes next. */
export function CourseView({ operationId, actor, me }: Props) {
  const say = useText('lifecycle', lifecycleText);
  const lifecycle = useLifecycle(operationId);
  if (lifecycle.isPending) return <Loading label={say('loading')} rows={4} />;
  if (lifecycle.isError)
    return (
      <Refused
        error={lifecycle.error}
        actions={<Button onClick={() => lifecycle.refetch()}>{say('again')}</Button>}
      />
    );
  const course = lifecycle.data;
  // What the hub says now, and not what the room was opened with.
  const props = { course, me, actor: { ...actor, operation: course.operation.state } };
  return (
    <div className={styles.course}>
      <Steps {...props} />
      <HoldSection {...props} />
      <RetentionSection {...props} />
      <PurgeSection {...props} />
    </div>
  );
}

const shown = operationStates.filter((state) => state !== 'purging');
const stepsOn = [
  { verb: 'operation.start', call: startOperation, text: 'start', danger: false },
  { verb: 'operation.close', call: closeOperation, text: 'close', danger: true },
  { verb: 'operation.begin-review', call: beginReview, text: 'begin-review', danger: false },
  { verb: 'operation.archive', call: archiveOperation, text: 'archive', danger: false },
] as const;
type Step = (typeof stepsOn)[number];

function Steps({ course, actor }: CourseProps) {
  const say = useText('lifecycle', lifecycleText);
  const [asking, setAsking] = useState<Step | null>(null);
  const { operation } = course;
  const at = shown.indexOf(operation.state === 'purging' ? 'archived' : operation.state);
  const taken = new Map(course.steps.map((step) => [step.state, step]));
  const wasPlanned = taken.has('live') || operation.state === 'planned';
  const possible = stepsOn.filter(({ verb }) => can(actor, verb));
  return (
    <section className={styles.section}>
      <ol className={styles.steps}>
        {shown.map((state, index) => (
          <li key={state} data-at={index < at ? 'past' : index === at ? 'now' : 'ahead'}>
            <StepLine
              state={state}
              step={taken.get(state)}
              since={index === 0 || (state === 'live' && !wasPlanned) ? operation.createdAt : null}
              leftOut={index < at && !taken.has(state) && !isFirst(state, wasPlanned)}
              reached={index <= at && !(state === 'planned' && !wasPlanned)}
            />
          </li>
        ))}
      </ol>
      {possible.length > 0 && (
        <div className={styles.acts}>
          {possible.map((step) => (
            <Button
              key={step.verb}
              look={step === possible[0] && !step.danger ? 'primary' : 'plain'}
              onClick={() => setAsking(step)}
            >
              {say(`${step.text}.submit`)}
            </Button>
          ))}
        </div>
      )}
      {asking && <StepDialog course={course} step={asking} onClose={() => setAsking(null)} />}
      <span className="visually-hidden">{say(`state.${operation.state}`)}</span>
    </section>
  );
}

/** The state in which the operation was opened has no step of its own. */
function isFirst(state: OperationState, wasPlanned: boolean): boolean {
  return state === 'planned' || (state === 'live' && !wasPlanned);
}

type StepLineProps = {
  readonly state: Exclude<OperationState, 'purging'>;
  readonly step: Course['steps'][number] | undefined;
  readonly since: string | null;
  readonly leftOut: boolean;
  readonly reached: boolean;
};

function StepLine({ state, step, since, leftOut, reached }: StepLineProps) {
  const say = useText('lifecycle', lifecycleText);
  const at = step?.at ?? (reached ? since : null);
  return (
    <>
      <b>{say(`course.step.${state}`)}</b>
      <span className={styles.when}>
        {at && <Time iso={at} form="stamp" />}
        {step?.by && ` · ${say('course.by', { name: step.by.name, desk: step.by.desk })}`}
        {!at && leftOut && state !== 'planned' && say('course.left-out')}
      </span>
      {step && <span className={styles.why}>{step.reason}</span>}
    </>
  );
}

function StepDialog({
  course,
  step,
  onClose,
}: {
  readonly course: Course;
  readonly step: Step;
  readonly onClose: () => void;
}) {
  const say = useText('lifecycle', lifecycleText);
  const { id, name } = course.operation;
  const act = useCourseAct(id, step.call);
  return (
    <ReasonDialog
      title={say(`${step.text}.title`, { name })}
      says={[say(`${step.text}.says`)]}
      submit={say(`${step.text}.submit`)}
      danger={step.danger}
      {...(step.danger && { typeName: name })}
      act={act}
      onClose={onClose}
    />
  );
}
