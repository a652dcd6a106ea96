import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Loading, Refused } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { Tlp } from '#shared/policy/markings.ts';
import { MomentField } from './moment-field.tsx';
import styles from './page.module.css';
import { PrintFrame } from './print-frame.tsx';
import { Strip } from './strip.tsx';
import { momentsText } from './text.ts';
import type { Strip as Counts } from './use-strip.ts';

/** One that can be moved. `name` is empty where it is the only one. */
type Moment = {
  readonly name: string;
  readonly place: number;
  readonly at: string | null;
  readonly onGo: (place: number) => void;
};

type Props<Answer> = {
  readonly operationId: OperationId;
  readonly reading: number;
  readonly strip: Counts;
  readonly moments: readonly Moment[];
  /** Behind the moments, in their row. */
  readonly beside?: ReactNode;
  readonly printed: { readonly name: string; readonly marking: Tlp; readonly when: string };
  readonly title: string;
  /** What is told of these moments, and the word for reading it. */
  readonly asked: UseQueryResult<Answer>;
  readonly says: string;
  readonly children: (answer: Answer) => ReactNode;
};

/** A part of the review that asks about moments: where they lie in the record, and what is told of them. */
export function MomentsPage<Answer>(props: Props<Answer>) {
  const { operationId, reading, strip, moments, beside, printed, title, asked, says, children } = props;
  const say = useText('moments', momentsText);
  return (
    <section className={styles.page} aria-label={title}>
      <PrintFrame {...printed} title={title}>
        <div className={styles.top}>
          <Strip
            strip={strip}
            handles={moments.map(({ name, place, onGo }) => ({ name: name || `#${place}`, place, onGo }))}
          />
          <div className={styles.row}>
            {moments.map((moment) => (
              <MomentField
                key={moment.name}
                operationId={operationId}
                reading={reading}
                last={strip.asOf - 1}
                {...moment}
              />
            ))}
            {beside}
          </div>
        </div>
        <div className={styles.body} aria-busy={asked.isFetching}>
          {asked.isError && (
            <Refused
              error={asked.error}
              actions={<Button onClick={() => asked.refetch()}>{say('again')}</Button>}
            />
          )}
          {asked.isPending && <Loading label={says} rows={8} />}
          {asked.isSuccess && children(asked.data)}
        </div>
      </PrintFrame>
    </section>
  );
}
