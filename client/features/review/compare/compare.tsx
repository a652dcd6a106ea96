import { IconArrowsDiff, IconEqual } from '@tabler/icons-react';
import { useState } from 'react';
import { type Say, useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { StateScreen } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { MomentsPage } from '../moments/moments-page.tsx';
import { PrintButton } from '../moments/print-frame.tsx';
import { UnderReading } from '../moments/under-reading.tsx';
import { usePlaces } from '../moments/use-places.ts';
import { type Strip as Counts, timeAbout } from '../moments/use-strip.ts';
import type { PartProps } from '../parts.tsx';
import styles from './compare.module.css';
import { Groups } from './group-list.tsx';
import { countsOf, type Group, groups, markingOf } from './groups.ts';
import { compareText } from './text.ts';
import { type Compared, useCompare } from './use-compare.ts';

/** What two moments of the operation differ in. */
export function Compare({ operationId, name, purpose }: PartProps) {
  return (
    <UnderReading operationId={operationId} what="comparison" purpose={purpose}>
      {(given) => <Comparing operationId={operationId} name={name} {...given} />}
    </UnderReading>
  );
}

type Props = {
  readonly operationId: OperationId;
  readonly name: string;
  readonly reading: number;
  readonly strip: Counts;
};

const names = ['a', 'b'] as const;

function Comparing({ operationId, name, reading, strip }: Props) {
  const say = useText('compare', compareText);
  const size = strip.asOf;
  // The second half of the record, until somebody says otherwise.
  const { places, rested, go } = usePlaces({
    names,
    size,
    usual: (one) => (one === 'a' ? Math.floor(size / 2) : size - 1),
  });
  const compared = useCompare(operationId, { reading, from: rested.a, to: rested.b });
  const held = compared.data;
  const atOf = (which: 'a' | 'b') => {
    const told = which === 'a' ? held?.from : held?.to;
    return told?.seq === places[which] ? told.at : timeAbout(strip, places[which]);
  };
  return (
    <MomentsPage
      operationId={operationId}
      reading={reading}
      strip={strip}
      moments={names.map((which) => ({
        name: which.toUpperCase(),
        place: places[which],
        at: atOf(which),
        onGo: (place) => go(which, place),
      }))}
      printed={{ name, marking: held ? markingOf(held) : 'RED', when: whenOf(held, say) }}
      title={say('title')}
      asked={compared}
      says={say('reading')}
    >
      {(told) => <Shown compared={told} stale={compared.isPlaceholderData} />}
    </MomentsPage>
  );
}

function whenOf(compared: Compared | undefined, say: Say<typeof compareText>): string {
  if (compared === undefined) return '';
  const { from, to } = compared;
  const [start, end] = [from, to].map(({ at }) => (at === null ? '–' : utcStamp(at)));
  return say('when', { from: from.seq, to: to.seq, start: start ?? '', end: end ?? '' });
}

type ShownProps = { readonly compared: Compared; readonly stale: boolean };

function Shown({ compared, stale }: ShownProps) {
  const say = useText('compare', compareText);
  const [group, setGroup] = useState<Group | ''>('');
  const { from, to } = compared;
  const counts = countsOf(compared);
  const total = groups.reduce((sum, one) => sum + counts[one].total, 0);
  if (from.seq === to.seq)
    return (
      <StateScreen icon={<IconEqual size={28} stroke={1.4} />} title={say('same-title')}>
        {say('same')}
      </StateScreen>
    );
  if (total === 0 && compared.boards.length === 0)
    return (
      <StateScreen icon={<IconArrowsDiff size={28} stroke={1.4} />} title={say('none-title')}>
        {say('none')}
      </StateScreen>
    );
  return (
    <div className={styles.shown} data-stale={stale}>
      <div className={styles.bar}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a row that scrolls. */}
        <div className={styles.chips} role="group" aria-label={say('groups')}>
          <button type="button" aria-pressed={group === ''} onClick={() => setGroup('')}>
            {say('all')}
            <span>{total.toLocaleString('en')}</span>
          </button>
          {groups.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={group === one}
              onClick={() => setGroup(group === one ? '' : one)}
            >
              {say(one)}
              <span>{counts[one].total.toLocaleString('en')}</span>
            </button>
          ))}
        </div>
        <PrintButton />
      </div>
      <Groups compared={compared} counts={counts} group={group} />
    </div>
  );
}
