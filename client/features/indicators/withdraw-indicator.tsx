import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Indicator } from '#shared/contracts/indicators.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { indicatorsText } from './text.ts';
import { useWithdrawIndicator } from './use-indicators.ts';

type Props = {
  readonly operationId: OperationId;
  readonly indicator: Indicator;
  readonly onClose: () => void;
};

export function WithdrawIndicator({ operationId, indicator, onClose }: Props) {
  const say = useText('indicators', indicatorsText);
  const withdraw = useWithdrawIndicator(operationId);
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
            disabled={reason.trim() === ''}
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate({ indicatorId: indicator.id, reason }, { onSuccess: onClose })}
          >
            {say('withdraw.submit')}
          </Button>
        </>
      }
    >
      <p className="mono">{indicator.display}</p>
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
