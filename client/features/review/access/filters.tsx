import { IconX } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { Select } from '#client/ui/controls/field.tsx';
import { CountryPick } from '../filters/country-pick.tsx';
import styles from './access.module.css';
import { type Counted, noFilter, type PeopleFilter, shows } from './people-filter.ts';
import { accessText } from './text.ts';

type Props = {
  readonly people: readonly Counted[];
  readonly filter: PeopleFilter;
  readonly onFilter: (filter: PeopleFilter) => void;
};

const roles = ['lead', 'officer', 'observer', 'auditor', 'none'] as const;

export function Filters({ people, filter, onFilter }: Props) {
  const say = useText('access', accessText);
  const held = new Set(people.map(({ role }) => role ?? 'none'));
  const set = (change: Partial<PeopleFilter>) => onFilter({ ...filter, ...change });
  const filtered = filter.country !== '' || filter.role !== '' || filter.show !== 'everybody';
  return (
    <div className={styles.filters}>
      <CountryPick
        people={people.map(({ person }) => person)}
        country={filter.country}
        onPick={(country) => set({ country })}
      />
      <Select
        label={say('filter.role')}
        bare
        small
        value={filter.role}
        onPick={(role) => set({ role })}
        options={[
          { value: '', label: say('filter.all-roles') },
          ...roles
            .filter((role) => held.has(role))
            .map((role) => ({ value: role, label: say(`role.${role}`) })),
        ]}
      />
      <Select
        label={say('filter.show')}
        bare
        small
        value={filter.show}
        onPick={(show) => set({ show })}
        options={shows.map((show) => ({ value: show, label: say(`filter.${show}`) }))}
      />
      {filtered && (
        <IconButton label={say('filter.clear')} onClick={() => onFilter(noFilter)}>
          <IconX size={15} />
        </IconButton>
      )}
    </div>
  );
}
