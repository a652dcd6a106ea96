import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { StateScreen, Trouble } from '#client/ui/states/states.tsx';
import type { Person } from '#shared/contracts/common.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import type { ReviewFilter } from '../filters/review-filter.ts';
import { CheckpointFields } from './checkpoint-fields.tsx';
import { choiceFrom, inputOf, missingIn, objectOf, type PackChoice } from './pack-choice.ts';
import { PackDone, PackProgress } from './pack-result.tsx';
import styles from './packs.module.css';
import { RecipientFields } from './recipient-fields.tsx';
import { ScopeFields } from './scope-fields.tsx';
import { packsText } from './text.ts';
import { usePack } from './use-pack.ts';

type Props = {
  readonly operationId: OperationId;
  readonly filter: ReviewFilter;
  readonly people: readonly Person[];
  readonly compartments: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
};

/** Choose, wait, hand over. While a pack is under way the dialog closes only by stopping it. */
export function ExportPack(props: Props) {
  const { operationId, filter, onClose } = props;
  const say = useText('packs', packsText);
  const [choice, setChoice] = useState(() => choiceFrom(filter));
  const { made, make, stop, again } = usePack(operationId);
  const missing = missingIn(choice);
  const under = made.state === 'asking' || made.state === 'receiving';
  const filling = made.state === 'idle' || made.state === 'failed';
  return (
    <Dialog
      title={say('title')}
      onClose={under ? stop : onClose}
      closeLabel={say(under ? 'progress.stop' : 'close')}
      foot={
        <>
          {filling && missing !== null && <span className={styles.missing}>{say(missing)}</span>}
          {under && <Button onClick={stop}>{say('progress.stop')}</Button>}
          {made.state === 'stopped' && <Button onClick={again}>{say('back')}</Button>}
          {!under && <Button onClick={onClose}>{say(filling ? 'cancel' : 'close')}</Button>}
          {filling && (
            <Button look="primary" disabled={missing !== null} onClick={() => void make(inputOf(choice))}>
              {say('submit')}
            </Button>
          )}
        </>
      }
    >
      {filling && (
        <Form {...props} choice={choice} onChange={(change) => setChoice({ ...choice, ...change })} />
      )}
      {made.state === 'failed' && <Trouble error={made.error} />}
      {made.state === 'asking' && <PackProgress got={null} expected={null} />}
      {made.state === 'receiving' && <PackProgress got={made.got} expected={made.expected} />}
      {made.state === 'stopped' && <StateScreen title={say('stopped-title')}>{say('stopped')}</StateScreen>}
      {made.state === 'done' && (
        <PackDone
          operationId={operationId}
          name={made.name}
          bytes={made.bytes}
          recipient={nameOf(choice, props.people)}
          scope={choice.scope}
        />
      )}
    </Dialog>
  );
}

type FormProps = Props & {
  readonly choice: PackChoice;
  readonly onChange: (change: Partial<PackChoice>) => void;
};

function Form({ operationId, filter, people, compartments, choice, onChange }: FormProps) {
  const say = useText('packs', packsText);
  return (
    <>
      <p className={styles.says}>{say('says')}</p>
      <RecipientFields choice={choice} onChange={onChange} people={people} compartments={compartments} />
      <ScopeFields
        operationId={operationId}
        choice={choice}
        onChange={onChange}
        filtered={objectOf(filter)}
      />
      {choice.size === '' && (
        <CheckpointFields operationId={operationId} choice={choice} onChange={onChange} />
      )}
      <TextField
        label={say('purpose')}
        hint={say('purpose-hint')}
        value={choice.purpose}
        maxLength={300}
        onChange={(event) => onChange({ purpose: event.target.value })}
      />
      <details className={styles.more}>
        <summary>{say('more')}</summary>
        <TextField
          label={say('size')}
          hint={say('size-hint')}
          value={choice.size}
          inputMode="numeric"
          maxLength={12}
          onChange={(event) => onChange({ size: event.target.value.replaceAll(/\D/g, '') })}
        />
      </details>
    </>
  );
}

function nameOf({ recipient, officerId, desk, name }: PackChoice, people: readonly Person[]): string {
  if (recipient === 'desk') return desk;
  if (recipient === 'outside') return name;
  return people.find(({ officer }) => officer === officerId)?.name ?? '';
}
