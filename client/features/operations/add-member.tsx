import { useDeferredValue, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { ReplyOf } from '#shared/contracts/contract.ts';
import type { findOfficers } from '#shared/contracts/operations.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { type Role, roles } from '#shared/policy/can.ts';
import styles from './people.module.css';
import { operationsText } from './text.ts';
import { useAddMember, useCandidates } from './use-operations.ts';

type Candidate = ReplyOf<typeof findOfficers>['officers'][number];
type Props = { readonly operationId: OperationId; readonly onClose: () => void };

export function AddMember({ operationId, onClose }: Props) {
  const say = useText('operations', operationsText);
  const add = useAddMember(operationId);
  const [text, setText] = useState('');
  const [picked, setPicked] = useState<Candidate | null>(null);
  const [role, setRole] = useState<Role>('officer');
  const submit = () => {
    if (!picked) return;
    const done = () => {
      toast(say('add.done', { name: picked.name }));
      onClose();
    };
    add.mutate({ officerId: picked.officer, role }, { onSuccess: done });
  };
  return (
    <Dialog
      title={say('add.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" disabled={!picked} busy={add.isPending} onClick={submit}>
            {say('add.submit')}
          </Button>
        </>
      }
    >
      <TextField
        label={say('add.search')}
        type="search"
        autoFocus
        value={text}
        maxLength={60}
        onChange={(event) => setText(event.target.value)}
      />
      <Candidates operationId={operationId} text={text} picked={picked} onPick={setPicked} />
      <fieldset className={styles.roles}>
        <legend>{say('add.role')}</legend>
        {roles.map((each) => (
          <label key={each}>
            <input type="radio" name="role" checked={role === each} onChange={() => setRole(each)} />
            <b>{say(`role.${each}`)}</b>
            <span>{say(`role.${each}.says`)}</span>
          </label>
        ))}
      </fieldset>
      {picked && (
        <p>
          {say('add.says', {
            name: picked.name,
            desk: picked.desk,
            role: say(`role.${role}`).toLowerCase(),
            compartments: say(picked.deskKind === 'partner' ? 'add.says-partner' : 'add.says-police'),
          })}
        </p>
      )}
      <Trouble error={add.error} />
    </Dialog>
  );
}

type CandidatesProps = {
  readonly operationId: OperationId;
  readonly text: string;
  readonly picked: Candidate | null;
  readonly onPick: (candidate: Candidate) => void;
};

function Candidates({ operationId, text, picked, onPick }: CandidatesProps) {
  const say = useText('operations', operationsText);
  const found = useCandidates(operationId, useDeferredValue(text.trim()));
  if (found.isError) return <Trouble error={found.error} />;
  return (
    <div className={styles.results} aria-busy={found.isFetching} aria-live="polite">
      {found.data?.officers.map((officer) => (
        <button
          key={officer.officer}
          type="button"
          className={styles.result}
          aria-pressed={picked?.officer === officer.officer}
          onClick={() => onPick(officer)}
        >
          <Avatar person={officer} size={28} />
          <span>
            <b>{officer.name}</b>
            {deskLine(officer)}
          </span>
          {officer.deskKind === 'partner' && <Pill tone="warn">partner</Pill>}
        </button>
      ))}
      {found.data?.officers.length === 0 && <p className={styles.none}>{say('add.none')}</p>}
      {found.isPending && <p className={styles.none}>{say('add.searching')}</p>}
    </div>
  );
}
