import { useState } from 'react';
import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Checkbox, Select } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { indicatorsText } from './text.ts';
import { useExportIndicators } from './use-indicators.ts';

type Props = { readonly operationId: OperationId; readonly onClose: () => void };

const endings = { stix: 'json', csv: 'csv' } as const;

export function ExportDialog({ operationId, onClose }: Props) {
  const say = useText('indicators', indicatorsText);
  const exporting = useExportIndicators(operationId);
  const [format, setFormat] = useState<'stix' | 'csv'>('stix');
  const [defang, setDefang] = useState(true);
  const submit = () =>
    exporting.mutate(
      { format, defang },
      {
        onSuccess({ blob, name }) {
          const saved = name ?? `indicators.${endings[format]}`;
          saveFile(blob, saved);
          toast(say('export.done', { name: saved }));
          onClose();
        },
      },
    );
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
      <Select
        label={say('export.format')}
        value={format}
        onPick={setFormat}
        options={[
          { value: 'stix', label: say('export.stix') },
          { value: 'csv', label: say('export.csv') },
        ]}
      />
      {format === 'csv' && (
        <Checkbox
          label={say('export.defang')}
          checked={defang}
          onChange={(event) => setDefang(event.target.checked)}
        />
      )}
      <Trouble error={exporting.error} />
    </Dialog>
  );
}
