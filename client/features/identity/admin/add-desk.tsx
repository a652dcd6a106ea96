import { type FormEvent, useState } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Select, TextField } from '#client/ui/controls/field.tsx';
import { countryName } from '#client/ui/item/country.ts';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import styles from './admin.module.css';
import { adminText } from './text.ts';
import { useAddDesk } from './use-admin.ts';

type Kind = 'police' | 'partner';

export function AddDesk({ onClose }: { readonly onClose: () => void }) {
  const say = useText('admin', adminText);
  const add = useAddDesk();
  const [given, setGiven] = useState({ code: '', name: '', country: '' });
  const [kind, setKind] = useState<Kind>('police');
  const ready =
    /^[A-Z0-9-]{2,12}$/.test(given.code) && given.name.trim() !== '' && given.country.length === 2;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) add.mutate({ ...given, kind }, { onSuccess: onClose });
  };
  return (
    <Dialog
      title={say('desk.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" type="submit" form="add-desk" disabled={!ready} busy={add.isPending}>
            {say('desk.submit')}
          </Button>
        </>
      }
    >
      <form id="add-desk" className={styles.form} onSubmit={submit}>
        <TextField
          label={say('desk.name')}
          autoFocus
          maxLength={80}
          value={given.name}
          onChange={(event) => setGiven({ ...given, name: event.target.value })}
        />
        <TextField
          label={say('desk.code')}
          hint={say('desk.code-hint')}
          mono
          maxLength={12}
          value={given.code}
          onChange={(event) => setGiven({ ...given, code: event.target.value.toUpperCase() })}
        />
        <TextField
          label={say('desk.country')}
          hint={given.country.length === 2 ? countryName(given.country) : say('desk.country-hint')}
          mono
          maxLength={2}
          value={given.country}
          onChange={(event) =>
            setGiven({ ...given, country: event.target.value.toUpperCase().replace(/[^A-Z]/g, '') })
          }
        />
        <Select
          label={say('desk.kind')}
          value={kind}
          onPick={setKind}
          options={[
            { value: 'police', label: say('desk.kind-police') },
            { value: 'partner', label: say('desk.kind-partner') },
          ]}
        />
        <Trouble error={add.error} />
      </form>
    </Dialog>
  );
}
