import { type FormEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Select, TextArea, TextField } from '#client/ui/controls/field.tsx';
import { usualHandling } from '#client/ui/item/marking.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import { selectorTypes } from '#shared/interchange/selector-types.ts';
import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import styles from './forms.module.css';
import { HandlingFields } from './handling-fields.tsx';
import { indicatorsText } from './text.ts';
import { useAddIndicator } from './use-indicators.ts';
import { usualCompartment } from './usual-compartment.ts';

type Props = {
  readonly operationId: OperationId;
  readonly compartments: readonly { readonly id: CompartmentId; readonly name: string }[];
  readonly onClose: () => void;
};

const NOTE = 2000;

export function AddIndicator({ operationId, compartments, onClose }: Props) {
  const say = useText('indicators', indicatorsText);
  const add = useAddIndicator(operationId);
  const [given, setGiven] = useState({ raw: '', type: '', note: '', confidence: '' });
  const [handling, setHandling] = useState(usualHandling);
  const [compartment, setCompartment] = useState(usualCompartment(compartments));
  const ready = given.raw.trim() !== '' && compartment !== null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    const confidence = given.confidence === '' ? null : Number(given.confidence);
    add.mutate(
      { raw: given.raw, type: given.type || null, note: given.note, compartment, handling, confidence },
      {
        onSuccess(indicator) {
          toast(say('add.done', { display: indicator.display }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={say('add.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" type="submit" form="add-indicator" disabled={!ready} busy={add.isPending}>
            {say('add.submit')}
          </Button>
        </>
      }
    >
      <form id="add-indicator" className={styles.form} onSubmit={submit}>
        <TextField
          label={say('form.value')}
          hint={say('form.value-hint')}
          mono
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
          value={given.raw}
          onChange={(event) => setGiven({ ...given, raw: event.target.value })}
        />
        <div className={styles.grid}>
          <Select
            label={say('form.type')}
            value={given.type}
            onPick={(type) => setGiven({ ...given, type })}
            options={[
              { value: '', label: say('form.type-auto') },
              ...selectorTypes.map(({ type, label }) => ({ value: `${type}`, label })),
            ]}
          />
          <TextField
            label={say('form.confidence')}
            inputMode="numeric"
            value={given.confidence}
            onChange={(event) => setGiven({ ...given, confidence: percent(event.target.value) })}
          />
        </div>
        <TextArea
          label={say('form.note')}
          hint={
            given.note.length > NOTE - 300 ? say('form.left', { left: NOTE - given.note.length }) : undefined
          }
          maxLength={NOTE}
          value={given.note}
          onChange={(event) => setGiven({ ...given, note: event.target.value })}
        />
        {compartment && (
          <HandlingFields
            handling={handling}
            onHandling={setHandling}
            compartment={compartment}
            onCompartment={setCompartment}
            compartments={compartments}
          />
        )}
        <Trouble error={add.error} />
      </form>
    </Dialog>
  );
}

function percent(text: string): string {
  const digits = text.replace(/\D/g, '').slice(0, 3);
  return digits === '' ? '' : String(Math.min(100, Number(digits)));
}
