import { useState } from 'react';
import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { reviewText } from './text.ts';
import { useExportRecord } from './use-review.ts';

type Props = { readonly operationId: OperationId; readonly onClose: () => void };

export function ExportRecord({ operationId, onClose }: Props) {
  const say = useText('review', reviewText);
  const exporting = useExportRecord(operationId);
  const [purpose, setPurpose] = useState('');
  const submit = () =>
    exporting.mutate(purpose, {
      onSuccess({ blob, name }) {
        const saved = name ?? 'record.muster-export';
        saveFile(blob, saved);
        toast(say('export.done', { name: saved }));
        onClose();
      },
    });
  return (
    <Dialog
      title={say('export.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" busy={exporting.isPending} onClick={submit}>
            {say('export.submit')}
          </Button>
        </>
      }
    >
      <p>{say('export.says')}</p>
      <TextField
        label={say('export.purpose')}
        value={purpose}
        maxLength={300}
        autoFocus
        onChange={(event) => setPurpose(event.target.value)}
      />
      <Trouble error={exporting.error} />
    </Dialog>
  );
}
