import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextArea, TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import styles from './people.module.css';
import { operationsText } from './text.ts';
import { useCreateOperation } from './use-operations.ts';

const PURPOSE = 500;

export function CreateOperation({ onClose }: { readonly onClose: () => void }) {
  const say = useText('operations', operationsText);
  const create = useCreateOperation();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [purpose, setPurpose] = useState('');
  const [state, setState] = useState<'live' | 'planned'>('live');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === '') return;
    create.mutate({ name, purpose, state }, { onSuccess: (operation) => navigate(`/o/${operation.id}`) });
  };
  return (
    <Dialog
      title={say('create.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            form="create-operation"
            disabled={name.trim() === ''}
            busy={create.isPending}
          >
            {say('create.submit')}
          </Button>
        </>
      }
    >
      <form id="create-operation" onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <TextField
          label={say('create.name')}
          hint={say('create.name-hint')}
          value={name}
          maxLength={60}
          autoFocus
          onChange={(event) => setName(event.target.value)}
        />
        <TextArea
          label={say('create.purpose')}
          hint={say('create.purpose-hint', { left: PURPOSE - purpose.length })}
          value={purpose}
          maxLength={PURPOSE}
          rows={4}
          onChange={(event) => setPurpose(event.target.value)}
        />
        <fieldset className={styles.roles}>
          <legend>{say('create.state')}</legend>
          {(['live', 'planned'] as const).map((each) => (
            <label key={each}>
              <input type="radio" name="state" checked={state === each} onChange={() => setState(each)} />
              <b>{say(`create.${each}`)}</b>
              <span>{say(`create.${each}-says`)}</span>
            </label>
          ))}
        </fieldset>
        <p>{say('create.says')}</p>
        <Trouble error={create.error} />
      </form>
    </Dialog>
  );
}
