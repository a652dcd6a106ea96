import { useText } from '#client/platform/text.ts';
import { Select, TextField } from '#client/ui/controls/field.tsx';
import { tlpLabels } from '#shared/policy/markings.ts';
import { indicatorsText } from '../text.ts';
import { typeLabel } from '../type-icon.tsx';
import styles from './register.module.css';
import type { RegisterFilter, RegisterPage } from './register-cache.ts';

type Props = {
  readonly filter: RegisterFilter;
  readonly onFilter: (filter: RegisterFilter) => void;
  readonly types: RegisterPage['types'];
  readonly originators: RegisterPage['originators'];
};

export function RegisterFilters({ filter, onFilter, types, originators }: Props) {
  const say = useText('indicators', indicatorsText);
  const all = { value: '', label: '' } as const;
  return (
    <search className={styles.filters}>
      <TextField
        label={say('search')}
        bare
        small
        type="search"
        placeholder={say('search-hint')}
        maxLength={200}
        value={filter.text}
        onChange={(event) => onFilter({ ...filter, text: event.target.value })}
      />
      <Select
        label={say('filter.type')}
        bare
        small
        value={filter.type}
        onPick={(type) => onFilter({ ...filter, type })}
        options={[
          { ...all, label: say('filter.all-types') },
          ...withChosen(
            types.map(({ type, count }) => ({ value: type, label: `${typeLabel(type)} · ${count}` })),
            filter.type,
          ),
        ]}
      />
      <Select
        label={say('filter.tlp')}
        bare
        small
        value={filter.tlp}
        onPick={(tlp) => onFilter({ ...filter, tlp })}
        options={[
          { ...all, label: say('filter.all-tlp') },
          ...tlpLabels.map((label) => ({ value: label, label: `TLP:${label}` })),
        ]}
      />
      <Select
        label={say('filter.originator')}
        bare
        small
        value={filter.originator}
        onPick={(originator) => onFilter({ ...filter, originator })}
        options={[
          { ...all, label: say('filter.all-originators') },
          ...withChosen(
            originators.map(({ originator, count }) => ({
              value: originator,
              label: `${originator} · ${count}`,
            })),
            filter.originator,
          ),
        ]}
      />
    </search>
  );
}

type Option = { readonly value: string; readonly label: string };

/** What is chosen stays in the list even when nothing of it is left. */
function withChosen(options: readonly Option[], chosen: string): readonly Option[] {
  if (chosen === '' || options.some((option) => option.value === chosen)) return options;
  return [...options, { value: chosen, label: chosen }];
}
