import { type FormEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Desk } from '#shared/contracts/common.ts';
import styles from './admin.module.css';
import { EnrolmentLink } from './enrolment-link.tsx';
import { adminText } from './text.ts';
import { useAddOfficer } from './use-admin.ts';

export function AddOfficer({ desk, onClose }: { readonly desk: Desk; readonly onClose: () => void }) {
  const say = useText('admin', adminText);
  const add = useAddOfficer();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const ready = name.trim() !== '' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim());
  if (add.data) return <EnrolmentLink name={name} link={add.data} onClose={onClose} />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) add.mutate({ deskId: desk.id, name, email: email.trim() });
  };
  return (
    <Dialog
      title={say('officer.title', { desk: desk.name })}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" type="submit" form="add-officer" disabled={!ready} busy={add.isPending}>
            {say('officer.submit')}
          </Button>
        </>
      }
    >
      <form id="add-officer" className={styles.form} onSubmit={submit}>
        <TextField
          label={say('officer.name')}
          autoFocus
          autoComplete="off"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={say('officer.email')}
          type="email"
          autoComplete="off"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <p>{say('officer.says')}</p>
        <Trouble error={add.error} />
      </form>
    </Dialog>
  );
}
