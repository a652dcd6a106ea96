import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Member } from '#shared/contracts/operations.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { operationsText } from './text.ts';
import { useRemoveMember } from './use-operations.ts';

type Props = { readonly operationId: OperationId; readonly member: Member; readonly onClose: () => void };

export function RemoveMember({ operationId, member, onClose }: Props) {
  const say = useText('operations', operationsText);
  const remove = useRemoveMember(operationId);
  const [reason, setReason] = useState('');
  const { name } = member;
  const done = () => {
    toast(say('remove.done', { name }));
    onClose();
  };
  return (
    <Dialog
      title={say('remove.title', { name })}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look="danger"
            disabled={reason.trim() === ''}
            busy={remove.isPending}
            onClick={() => remove.mutate({ officerId: member.officer, reason }, { onSuccess: done })}
          >
            {say('remove.submit')}
          </Button>
        </>
      }
    >
      <p>{say('remove.says', { name })}</p>
      <TextField
        label={say('remove.reason')}
        value={reason}
        maxLength={300}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
      />
      <Trouble error={remove.error} />
    </Dialog>
  );
}
