import { useText } from '#client/platform/text.ts';
import { Checkbox, Select, TextField } from '#client/ui/controls/field.tsx';
import type { Person } from '#shared/contracts/common.ts';
import { Choices } from './choices.tsx';
import type { PackChoice } from './pack-choice.ts';
import styles from './packs.module.css';
import { packsText } from './text.ts';

type Props = {
  readonly choice: PackChoice;
  readonly onChange: (change: Partial<PackChoice>) => void;
  readonly people: readonly Person[];
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
};

export function RecipientFields({ choice, onChange, people, compartments }: Props) {
  const say = useText('packs', packsText);
  const desks = [...new Set(people.map(({ desk }) => desk))].sort();
  return (
    <>
      <Choices
        title={say('recipient')}
        value={choice.recipient}
        onPick={(recipient) => onChange({ recipient })}
        options={(['officer', 'desk', 'outside'] as const).map((value) => ({
          value,
          label: say(`recipient.${value}`),
          says: say(`recipient.${value}-says`),
        }))}
      />
      {choice.recipient === 'officer' && (
        <Select
          label={say('recipient.pick-officer')}
          value={choice.officerId}
          onPick={(officerId) => onChange({ officerId })}
          options={[
            { value: '', label: say('recipient.choose') },
            ...people.map(({ officer, name, desk }) => ({ value: `${officer}`, label: `${name} · ${desk}` })),
          ]}
        />
      )}
      {choice.recipient === 'desk' && (
        <Select
          label={say('recipient.pick-desk')}
          value={choice.desk}
          onPick={(desk) => onChange({ desk })}
          options={[
            { value: '', label: say('recipient.choose') },
            ...desks.map((desk) => ({ value: desk, label: desk })),
          ]}
        />
      )}
      {choice.recipient === 'outside' && (
        <>
          <TextField
            label={say('recipient.name')}
            hint={say('recipient.name-hint')}
            value={choice.name}
            maxLength={120}
            onChange={(event) => onChange({ name: event.target.value })}
          />
          <fieldset className={styles.boxes}>
            <legend>{say('recipient.compartments')}</legend>
            {compartments.map(({ id, name }) => (
              <Checkbox
                key={id}
                label={name}
                checked={choice.compartments.includes(id)}
                onChange={(event) =>
                  onChange({ compartments: toggled(choice.compartments, id, event.target.checked) })
                }
              />
            ))}
          </fieldset>
          <div className={styles.release}>
            <Checkbox
              label={say('recipient.release')}
              checked={choice.release}
              onChange={(event) => onChange({ release: event.target.checked })}
            />
          </div>
        </>
      )}
    </>
  );
}

function toggled(held: readonly string[], id: string, on: boolean): string[] {
  return on ? [...held, id] : held.filter((one) => one !== id);
}
