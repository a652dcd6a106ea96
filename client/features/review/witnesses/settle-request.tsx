import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { ChangeRequest } from '#shared/contracts/witnesses.ts';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import { useSettle } from './use-witnesses.ts';

type Props = {
  readonly room: Room;
  readonly request: ChangeRequest;
  /** What is asked, in a sentence. */
  readonly words: string;
  readonly as: 'confirm' | 'withdraw';
  /** Of the reader's own desk: then it is withdrawn, else refused. */
  readonly own: boolean;
  readonly onClose: () => void;
};

/** The second desk's answer, or the first one's second thought. Both go on the record. */
export function SettleRequest({ room, request, words, as, own, onClose }: Props) {
  const say = useText('witnesses', witnessesText);
  const settle = useSettle(room.operationId);
  const [reason, setReason] = useState('');
  const confirming = as === 'confirm';
  const act = confirming ? 'confirm' : own ? 'withdraw' : 'refuse';
  const done = () => {
    toast(say(`request.${act}-done`));
    onClose();
  };
  const submit = () =>
    settle.mutate({ requestId: request.id, reason: confirming ? null : reason }, { onSuccess: done });
  return (
    <Dialog
      title={say(`request.${act}-title`)}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look={confirming && request.change.what === 'retire' ? 'danger' : 'primary'}
            disabled={!confirming && reason.trim() === ''}
            busy={settle.isPending}
            onClick={submit}
          >
            {say(`request.${act}-submit`)}
          </Button>
        </>
      }
    >
      <p>{words}</p>
      {confirming ? (
        <p>{say(`request.confirm-${request.change.what}`)}</p>
      ) : (
        <TextField
          label={say('retire.reason')}
          value={reason}
          maxLength={300}
          autoFocus
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <Trouble error={settle.error} />
    </Dialog>
  );
}
