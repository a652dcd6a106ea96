import { IconClockQuestion } from '@tabler/icons-react';
import type { CSSProperties } from 'react';
import { Link } from 'react-router';
import { failureOf } from '#client/platform/failure.ts';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { SeenBy } from '#shared/contracts/review-access.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { EntryLink, entryAddress } from '../moments/entry-link.tsx';
import { reviewText } from '../text.ts';
import styles from './item.module.css';
import { ItemHead } from './item-head.tsx';
import { People, PersonHead } from './people.tsx';
import type { Counted } from './people-filter.ts';
import { accessText } from './text.ts';
import { type About, type ItemSeen, useItemSeen } from './use-access.ts';

type Props = {
  readonly operationId: OperationId;
  readonly reading: number;
  readonly seq: number;
  readonly about: NonNullable<About>;
};

/** One item at a moment: who could see it, by what right, and when they looked. */
export function ItemAccess({ operationId, reading, seq, about }: Props) {
  const say = useText('access', accessText);
  const seen = useItemSeen(operationId, { reading, seq }, about);
  if (seen.data) return <Shown operationId={operationId} seen={seen.data} />;
  if (!seen.isError) return <Loading label={say('reading')} rows={8} />;
  if (failureOf(seen.error).code === 'not.found')
    return (
      <StateScreen icon={<IconClockQuestion size={28} stroke={1.4} />} title={say('not-yet-title')}>
        {say('not-yet')}
      </StateScreen>
    );
  return (
    <Refused error={seen.error} actions={<Button onClick={() => seen.refetch()}>{say('again')}</Button>} />
  );
}

type ShownProps = { readonly operationId: OperationId; readonly seen: ItemSeen };

function Shown({ operationId, seen }: ShownProps) {
  const say = useText('access', accessText);
  const counted = seen.people.map(countedOf);
  const legend = (
    <p className={styles.legend} aria-hidden="true">
      <span className={styles.dot} data-direct="true" /> {say('item.direct')}
      <span className={styles.dot} data-direct="false" /> {say('item.around')}
    </p>
  );
  return (
    <>
      <ItemHead operationId={operationId} seen={seen} counted={counted} />
      <People rows={seen.people} counted={counted} legend={legend}>
        {(desks) => (
          <table className={styles.table}>
            <caption className="visually-hidden">{say('title')}</caption>
            <thead>
              <tr>
                <th scope="col">{say('people')}</th>
                <th scope="col">{say('item.right')}</th>
                <th scope="col" className={styles.wide}>
                  {say('item.looked')}
                </th>
                <th scope="col">{say('item.times')}</th>
                <th scope="col">{say('item.last')}</th>
              </tr>
            </thead>
            {desks.map(({ desk, rows }) => (
              <tbody key={desk.desk}>
                {rows.map((row) => (
                  <PersonRow key={row.person.officer} row={row} seen={seen} />
                ))}
              </tbody>
            ))}
          </table>
        )}
      </People>
    </>
  );
}

function countedOf({ person, role, could, times }: SeenBy): Counted {
  return { person, role, could: could !== 'no', consulted: times > 0 };
}

function PersonRow({ row, seen }: { readonly row: SeenBy; readonly seen: ItemSeen }) {
  const say = useText('access', accessText);
  const { person, role, could, consulted, times } = row;
  const [last] = consulted;
  return (
    <tr data-could={could}>
      <th scope="row">
        <PersonHead person={person} role={role} />
      </th>
      <td>
        <Pill tone={could === 'no' ? (times > 0 ? 'warn' : 'plain') : 'accent'}>
          {say(`item.by.${could}`, { name: seen.item.compartment ?? '' })}
        </Pill>
      </td>
      <td className={styles.wide}>
        <Looks consulted={consulted} from={seen.item.seq} to={seen.moment.seq} />
      </td>
      <td className={styles.times}>{times || '–'}</td>
      <td>
        {last === undefined ? (
          <span className={styles.never}>{say('item.never')}</span>
        ) : (
          <span className={styles.last}>
            <Time iso={last.at} form="stamp" /> <EntryLink seq={last.seq} />
          </span>
        )}
      </td>
    </tr>
  );
}

type LooksProps = { readonly consulted: SeenBy['consulted']; readonly from: number; readonly to: number };

/** From the beginning of the item to the moment, a dot for each time; at most ten are told. */
function Looks({ consulted, from, to }: LooksProps) {
  const say = useText('access', accessText);
  const sayReview = useText('review', reviewText);
  return (
    <span className={styles.looks}>
      {consulted.toReversed().map(({ seq, at, kind, direct }) => {
        const act = isEventKind(kind) ? sayReview(`kind.${kind}`) : kind;
        const says = say('item.dot', { act, seq, time: utcStamp(at) });
        const style: CSSProperties = { '--at': (seq - from) / Math.max(1, to - from) };
        return (
          <Link
            key={seq}
            className={styles.dot}
            data-direct={direct}
            style={style}
            to={entryAddress(seq)}
            aria-label={says}
            title={says}
          />
        );
      })}
    </span>
  );
}
