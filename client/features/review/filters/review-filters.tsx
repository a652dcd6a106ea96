import { IconX } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { Button, IconButton } from '#client/ui/controls/button.tsx';
import { Select, TextField } from '#client/ui/controls/field.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { type EventKind, eventKinds } from '#shared/contracts/event-kinds.ts';
import styles from '../review.module.css';
import { reviewText } from '../text.ts';
import { CountryPick } from './country-pick.tsx';
import { isFiltered, noFilter, type ReviewFilter } from './review-filter.ts';

type Props = {
  readonly filter: ReviewFilter;
  readonly onFilter: (filter: ReviewFilter) => void;
  readonly people: readonly Person[];
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
};

const hubKinds = /^(hub|desk|officer|enrolment|session|operation\.opened)/;
const kinds: readonly EventKind[] = Object.keys(eventKinds).filter(
  (kind): kind is EventKind => kind in eventKinds && !hubKinds.test(kind),
);

export function ReviewFilters({ filter, onFilter, people, compartments }: Props) {
  const say = useText('review', reviewText);
  const set = (change: Partial<ReviewFilter>) => onFilter({ ...filter, ...change });
  return (
    <div className={styles.filters}>
      <CountryPick people={people} country={filter.country} onPick={(country) => set({ country })} />
      <Select
        label={say('filter.officer')}
        bare
        small
        value={filter.officerId}
        onPick={(officerId) => set({ officerId })}
        options={[
          { value: '', label: say('filter.all-officers') },
          ...people.map(({ officer, name, country }) => ({
            value: `${officer}`,
            label: `${name} · ${country}`,
          })),
        ]}
      />
      <Select
        label={say('filter.kind')}
        bare
        small
        value={filter.kind}
        onPick={(kind) => set({ kind })}
        options={[
          { value: '', label: say('filter.all-kinds') },
          ...kinds.map((kind) => ({ value: kind, label: say(`kind.${kind}`) })),
        ]}
      />
      <Select
        label={say('filter.outcome')}
        bare
        small
        value={filter.outcome}
        onPick={(outcome) => set({ outcome })}
        options={[
          { value: '', label: say('filter.all-outcomes') },
          { value: 'ok', label: say('filter.ok') },
          { value: 'refused', label: say('filter.refused') },
        ]}
      />
      {compartments.length > 1 && (
        <Select
          label={say('filter.compartment')}
          bare
          small
          value={filter.compartment}
          onPick={(compartment) => set({ compartment })}
          options={[
            { value: '', label: say('filter.all-compartments') },
            ...compartments.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
      <UtcField label={say('filter.from')} value={filter.from} onPick={(from) => set({ from })} />
      <UtcField label={say('filter.until')} value={filter.until} onPick={(until) => set({ until })} />
      {filter.object && (
        <Button className={styles.only ?? ''} onClick={() => set({ object: null })}>
          {say('filter.object', { kind: filter.object.kind, id: filter.object.id.slice(0, 8) })}
          <IconX size={13} />
        </Button>
      )}
      {isFiltered(filter) && (
        <IconButton label={say('filter.clear')} onClick={() => onFilter(noFilter)}>
          <IconX size={15} />
        </IconButton>
      )}
    </div>
  );
}

type UtcProps = { readonly label: string; readonly value: string; readonly onPick: (iso: string) => void };

/** The browser's own date and time field, read as UTC. */
function UtcField({ label, value, onPick }: UtcProps) {
  return (
    <div className={styles.utc}>
      <span aria-hidden="true">{label}</span>
      <TextField
        label={label}
        bare
        small
        type="datetime-local"
        value={value.slice(0, 16)}
        onChange={(event) => onPick(event.target.value === '' ? '' : `${event.target.value}:00.000Z`)}
      />
    </div>
  );
}
