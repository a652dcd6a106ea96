import { useText } from '#client/platform/text.ts';
import { Checkbox, TextField } from '#client/ui/controls/field.tsx';
import { Loading, Trouble } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { Choices } from './choices.tsx';
import type { PackChoice, PackObject } from './pack-choice.ts';
import styles from './packs.module.css';
import { packsText } from './text.ts';
import { usePackBoards } from './use-pack.ts';

type Props = {
  readonly operationId: OperationId;
  readonly choice: PackChoice;
  readonly onChange: (change: Partial<PackChoice>) => void;
  /** What the list of entries is filtered to. */
  readonly filtered: PackObject | null;
};

export function ScopeFields({ operationId, choice, onChange, filtered }: Props) {
  const say = useText('packs', packsText);
  return (
    <>
      <Choices
        title={say('scope')}
        value={choice.scope}
        onPick={(scope) => onChange({ scope })}
        options={(['operation', 'time', 'objects'] as const).map((value) => ({
          value,
          label: say(`scope.${value}`),
          says: say(`scope.${value}-says`),
        }))}
      />
      {choice.scope === 'time' && (
        <div className={styles.pair}>
          <UtcField label={say('scope.since')} value={choice.since} onPick={(since) => onChange({ since })} />
          <UtcField label={say('scope.until')} value={choice.until} onPick={(until) => onChange({ until })} />
        </div>
      )}
      {choice.scope === 'objects' && (
        <Objects operationId={operationId} choice={choice} onChange={onChange} filtered={filtered} />
      )}
    </>
  );
}

function UtcField(props: {
  readonly label: string;
  readonly value: string;
  readonly onPick: (iso: string) => void;
}) {
  const { label, value, onPick } = props;
  return (
    <TextField
      label={label}
      type="datetime-local"
      value={value.slice(0, 16)}
      onChange={(event) => onPick(event.target.value === '' ? '' : `${event.target.value}:00.000Z`)}
    />
  );
}

function Objects({ operationId, choice, onChange, filtered }: Props) {
  const say = useText('packs', packsText);
  const boards = usePackBoards(operationId);
  const has = ({ id }: PackObject) => choice.objects.some((one) => one.id === id);
  const toggle = (object: PackObject, on: boolean) =>
    onChange({
      objects: on ? [...choice.objects, object] : choice.objects.filter(({ id }) => id !== object.id),
    });
  return (
    <fieldset className={styles.boxes}>
      <legend>{say('scope.boards')}</legend>
      {boards.isPending && <Loading label={say('scope.loading')} rows={2} />}
      <Trouble error={boards.error} />
      {boards.data?.boards.length === 0 && <p className={styles.hint}>{say('scope.no-boards')}</p>}
      {boards.data?.boards.map(({ id, title }) => (
        <Checkbox
          key={id}
          label={title}
          checked={has({ kind: 'board', id })}
          onChange={(event) => toggle({ kind: 'board', id }, event.target.checked)}
        />
      ))}
      {filtered !== null && filtered.kind !== 'board' ? (
        <Checkbox
          label={say('scope.filtered', { kind: filtered.kind, id: filtered.id.slice(0, 8) })}
          checked={has(filtered)}
          onChange={(event) => toggle(filtered, event.target.checked)}
        />
      ) : (
        <p className={styles.hint}>{say('scope.objects-hint')}</p>
      )}
    </fieldset>
  );
}
