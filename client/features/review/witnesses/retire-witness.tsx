import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Witness } from '#shared/contracts/witnesses.ts';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import { useRetire } from './use-witnesses.ts';

type Props = { readonly room: Room; readonly witness: Witness; readonly onClose: () => void };

export function RetireWitness({ room, witness, onClose }: Props) {
  const say = useText('witnesses', witnessesText);
  const retire = useRetire(room.operationId);
  const [reason, setReason] = useState('');
  const { desk } = witness;
  const two = witness.inQuorum || desk !== room.desk;
  const submit = () =>
    retire.mutate(
      { witnessId: witness.id, reason },
      {
        onSuccess({ state }) {
          toast(state === 'asked' ? say('retire.asked') : say('retire.done', { desk }));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={say('retire.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="danger" disabled={reason.trim() === ''} busy={retire.isPending} onClick={submit}>
            {say(two ? 'retire.ask' : 'retire.submit')}
          </Button>
        </>
      }
    >
      <p>{say('retire.says', { desk })}</p>
      {two && <p>{say('retire.two')}</p>}
      <TextField
        label={say('retire.reason')}
        value={reason}
        maxLength={300}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
      />
      <Trouble error={retire.error} />
    </Dialog>
  );
}
