import { useText } from '#client/platform/text.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { isEventKind } from '#shared/contracts/event-kinds.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { actOf, actorOf, gistOf } from '../entries/describe.ts';
import { useLineAt } from '../entries/use-line-at.ts';
import { EntryLink } from '../moments/entry-link.tsx';
import { reviewText } from '../text.ts';
import styles from './item.module.css';
import type { Counted } from './people-filter.ts';
import { accessText } from './text.ts';
import type { ItemSeen } from './use-access.ts';

const kinds = ['message', 'indicator', 'board', 'operation', 'officer'] as const;

type Props = {
  readonly operationId: OperationId;
  readonly seen: ItemSeen;
  readonly counted: readonly Counted[];
};

/** What is asked about, how many could see it, and desk by desk. */
export function ItemHead({ operationId, seen, counted }: Props) {
  const say = useText('access', accessText);
  const sayReview = useText('review', reviewText);
  const { kind, id, compartment, seq } = seen.item;
  const known = kinds.find((one) => one === kind);
  const title = known ? say(`item.kind.${known}`) : isEventKind(kind) ? sayReview(`kind.${kind}`) : kind;
  const began = useLineAt(operationId, seq).data?.entry;
  const could = counted.filter((one) => one.could);
  return (
    <header className={styles.head}>
      <div className={styles.what}>
        <h3>{title}</h3>
        {began ? (
          <span className={styles.gist}>
            {actorOf(began, sayReview)} {actOf(began, sayReview)}: {gistOf(began) || id.slice(0, 12)}
          </span>
        ) : (
          <span className="mono">{id.slice(0, 12)}</span>
        )}
        <span>
          {say('item.began')} {began && <Time iso={began.at} form="stamp" />} <EntryLink seq={seq} />
        </span>
        <span>
          {say('item.stands')} <Pill>{compartment ?? say('item.nowhere')}</Pill>
        </span>
      </div>
      <p className={styles.figures}>
        <b>
          {could.length}
          <small> / {counted.length}</small>
        </b>
        <span>{say('item.could')}</span>
        <b>
          {could.filter((one) => one.consulted).length}
          <small> / {could.length}</small>
        </b>
        <span>{say('item.consulted')}</span>
      </p>
      <ul className={styles.desks} aria-label={say('item.desks')}>
        {seen.desks.map(({ desk, could: might, consulted }) => {
          const state = consulted ? 'consulted' : might ? 'could' : 'no';
          return (
            <li key={desk} data-state={state} title={`${desk}: ${say(`item.desk.${state}`)}`}>
              {desk}
              <span className="visually-hidden">: {say(`item.desk.${state}`)}</span>
            </li>
          );
        })}
      </ul>
    </header>
  );
}
