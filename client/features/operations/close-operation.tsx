import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { OperationSummary } from '#shared/contracts/operations.ts';
import { operationsText } from './text.ts';
import { useCloseOperation } from './use-operations.ts';

type Props = { readonly operation: OperationSummary; readonly onClose: () => void };

export function CloseOperation({ operation, onClose }: Props) {
  const say = useText('operations', operationsText);
  const close = useCloseOperation(operation.id);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  const sure = typed.trim() === operation.name && reason.trim() !== '';
  return (
    <Dialog
      title={say('closing.title', { name: operation.name })}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look="danger"
            disabled={!sure}
            busy={close.isPending}
            onClick={() => close.mutate(reason, { onSuccess: onClose })}
          >
            {say('closing.submit')}
          </Button>
        </>
      }
    >
      <p>{say('closing.says')}</p>
      <TextField
        label={say('closing.reason')}
        value={reason}
        maxLength={500}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
      />
      <TextField
        label={say('closing.confirm', { name: operation.name })}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
      />
      <Trouble error={close.error} />
    </Dialog>
  );
}
