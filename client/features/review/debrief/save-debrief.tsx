import { type FormEvent, useId, useState } from 'react';
import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import { Choices } from '../packs/choices.tsx';
import styles from './debrief.module.css';
import { debriefText } from './text.ts';
import { type Format, useSaveDebrief } from './use-debrief.ts';

type Props = { readonly operationId: OperationId; readonly onClose: () => void };

const formats: readonly Format[] = ['html', 'csv'];

export function SaveDebrief({ operationId, onClose }: Props) {
  const say = useText('debrief', debriefText);
  const form = useId();
  const saving = useSaveDebrief(operationId);
  const [format, setFormat] = useState<Format>('html');
  const [purpose, setPurpose] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate(
      { format, purpose },
      {
        onSuccess({ blob, name }) {
          const saved = name ?? `debrief.${format}`;
          saveFile(blob, saved);
          toast(say('save.done', { name: saved }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={say('save.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button type="submit" form={form} look="primary" busy={saving.isPending}>
            {say('save.submit')}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <p>{say('save.says')}</p>
        <Choices
          title={say('save.what')}
          value={format}
          onPick={setFormat}
          options={formats.map((value) => ({
            value,
            label: say(`save.${value}`),
            says: say(`save.${value}-says`),
          }))}
        />
        <TextField
          label={say('save.purpose')}
          value={purpose}
          maxLength={300}
          autoFocus
          onChange={(event) => setPurpose(event.target.value)}
        />
        <Trouble error={saving.error} />
      </form>
    </Dialog>
  );
}
