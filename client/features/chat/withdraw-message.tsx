import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Message } from '#shared/contracts/chat.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { chatText } from './text.ts';
import { useWithdraw } from './use-chat.ts';

type Props = { readonly operationId: OperationId; readonly message: Message; readonly onClose: () => void };

export function WithdrawMessage({ operationId, message, onClose }: Props) {
  const say = useText('chat', chatText);
  const withdraw = useWithdraw(operationId);
  const [reason, setReason] = useState('');
  return (
    <Dialog
      title={say('withdraw.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look="danger"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate({ messageId: message.id, reason }, { onSuccess: onClose })}
          >
            {say('withdraw.submit')}
          </Button>
        </>
      }
    >
      <p>{say('withdraw.says')}</p>
      <TextField
        label={say('withdraw.reason')}
        value={reason}
        maxLength={300}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
      />
      <Trouble error={withdraw.error} />
    </Dialog>
  );
}
