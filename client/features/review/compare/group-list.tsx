import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import type { TimelineGroup } from '#shared/contracts/review-timeline.ts';
import { StrandIcon } from '../search/strand-icon.tsx';
import { BoardDifference } from './board-difference.tsx';
import styles from './compare.module.css';
import {
  ChatDifferences,
  OperationDifferences,
  PeopleDifferences,
  RegisterDifferences,
} from './differences.tsx';
import type { countsOf, Group } from './groups.ts';
import { groups } from './groups.ts';
import { compareText } from './text.ts';
import type { Compared } from './use-compare.ts';

type Props = {
  readonly compared: Compared;
  readonly counts: ReturnType<typeof countsOf>;
  /** Only this one, or all. */
  readonly group: Group | '';
};

const strands = {
  boards: 'boards',
  chat: 'chat',
  register: 'indicators',
  people: 'people',
  operation: 'operation',
} as const satisfies Record<Group, TimelineGroup>;

/** The differences, group by group, as far as there are any. */
export function Groups({ compared, counts, group }: Props) {
  const say = useText('compare', compareText);
  const people = new Map(compared.people.map((person) => [`${person.officer}`, person]));
  const { messages, indicators, members, operation, boards, to } = compared;
  const bodies: Record<Group, ReactNode> = {
    boards: boards.map((board) => (
      <BoardDifference key={board.id} board={board} people={people} to={to.seq} />
    )),
    chat: <ChatDifferences rows={messages.rows} people={people} />,
    register: <RegisterDifferences rows={indicators.rows} people={people} />,
    people: <PeopleDifferences rows={members} people={people} />,
    operation: <OperationDifferences rows={operation} people={people} />,
  };
  const shown = groups.filter(
    (one) =>
      (group === '' || group === one) &&
      (counts[one].total > 0 || (one === 'boards' && compared.boards.length > 0)),
  );
  if (shown.length === 0)
    return (
      <p className={styles.quiet}>
        <b>{say('none-of-title')}.</b> {say('none-of')}
      </p>
    );
  return shown.map((one) => (
    <section key={one} className={styles.group} aria-labelledby={`differences-${one}`}>
      <h3 id={`differences-${one}`}>
        <StrandIcon strand={strands[one]} />
        {say(one)}
        <span className={styles.count}>
          {counts[one].told < counts[one].total
            ? say('rest', { shown: counts[one].told, total: counts[one].total })
            : counts[one].total.toLocaleString('en')}
        </span>
      </h3>
      {bodies[one]}
    </section>
  ));
}
