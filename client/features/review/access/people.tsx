import { IconUsersMinus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { StateScreen } from '#client/ui/states/states.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { Filters } from './filters.tsx';
import styles from './people.module.css';
import { byDesk, type Counted, type Desks, fits, noFilter } from './people-filter.ts';
import { Role } from './role.tsx';
import { accessText } from './text.ts';

type Props<Row> = {
  readonly rows: readonly Row[];
  /** Each of the rows as the filters see it. */
  readonly counted: readonly Counted[];
  readonly legend: ReactNode;
  /** The table of those whom the filters leave, desk by desk. */
  readonly children: (desks: Desks<Row>) => ReactNode;
};

/** The people of a moment under filters of who they are and what they could see. */
export function People<Row extends { readonly person: Person }>(props: Props<Row>) {
  const { rows, counted, legend, children } = props;
  const [filter, setFilter] = useState(noFilter);
  const left = rows.filter((_, at) => {
    const one = counted[at];
    return one !== undefined && fits(one, filter);
  });
  return (
    <>
      <div className={styles.bar}>
        <Filters people={counted} filter={filter} onFilter={setFilter} />
        {legend}
      </div>
      {left.length > 0 ? children(byDesk(left)) : <Nobody why={rows.length > 0 ? 'none' : 'not-in-yet'} />}
    </>
  );
}

function Nobody({ why }: { readonly why: 'none' | 'not-in-yet' }) {
  const say = useText('access', accessText);
  return (
    <StateScreen icon={<IconUsersMinus size={28} stroke={1.4} />} title={say(`${why}-title`)}>
      {say(why)}
    </StateScreen>
  );
}

/** At the head of somebody's row. */
export function PersonHead({ person, role }: Pick<Counted, 'person' | 'role'>) {
  return (
    <span className={styles.person}>
      <Avatar person={person} size={24} />
      <span className={styles.name}>
        <b>{person.name}</b>
        <span>
          {deskLine(person)} · <Role role={role} />
        </span>
      </span>
    </span>
  );
}
