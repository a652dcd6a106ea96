import { IconFileText } from '@tabler/icons-react';
import { type DragEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Select, TextArea, TextField } from '#client/ui/controls/field.tsx';
import { usualHandling } from '#client/ui/item/marking.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import { importFormats } from '#shared/contracts/indicators.ts';
import { utf8 } from '#shared/kernel/encoding.ts';
import type { CompartmentId, OperationId } from '#shared/kernel/ids.ts';
import forms from '../forms.module.css';
import { HandlingFields } from '../handling-fields.tsx';
import { indicatorsText } from '../text.ts';
import { usualCompartment } from '../usual-compartment.ts';
import styles from './import.module.css';
import { formatOf, type ImportFormat, largestFile, type Preview, usePreview } from './use-import.ts';

type Props = {
  readonly operationId: OperationId;
  readonly compartments: readonly { readonly id: CompartmentId; readonly name: string }[];
  readonly onPreview: (preview: Preview) => void;
  readonly onClose: () => void;
};

export function ImportSource({ operationId, compartments, onPreview, onClose }: Props) {
  const say = useText('indicators', indicatorsText);
  const preview = usePreview(operationId);
  const [file, setFile] = useState<File | null>(null);
  const [text, setText] = useState('');
  const [format, setFormat] = useState<ImportFormat>('text');
  const [country, setCountry] = useState('');
  const [handling, setHandling] = useState(usualHandling);
  const [compartment, setCompartment] = useState(usualCompartment(compartments));
  const tooLarge = file !== null && file.size > largestFile;
  const ready = compartment !== null && (file ? !tooLarge : text.trim() !== '');
  const choose = (chosen: File | null) => {
    setFile(chosen);
    if (chosen) setFormat(formatOf(chosen.name));
  };
  const submit = async () => {
    if (!compartment) return;
    const bytes = file ? new Uint8Array(await file.arrayBuffer()) : utf8(text);
    const defaultCountry = /^[A-Z]{2}$/.test(country) ? country : null;
    preview.mutate(
      { bytes, format, fileName: file?.name ?? '', compartment, handling, defaultCountry },
      { onSuccess: onPreview },
    );
  };
  return (
    <Dialog
      title={say('import.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <span className={styles.says}>{say('import.says')}</span>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" disabled={!ready} busy={preview.isPending} onClick={submit}>
            {say(preview.isPending ? 'import.reading' : 'import.preview')}
          </Button>
        </>
      }
    >
      <FileField file={file} onFile={choose} />
      {tooLarge && (
        <p className={styles.wrong}>{say('import.too-large', { limit: largestFile / 1_000_000 })}</p>
      )}
      {!file && (
        <TextArea
          label={say('import.paste')}
          mono
          rows={6}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      <div className={forms.grid}>
        <Select
          label={say('import.format')}
          value={format}
          onPick={setFormat}
          options={importFormats.map((each) => ({ value: each, label: say(`import.format.${each}`) }))}
        />
        <TextField
          label={say('import.country')}
          placeholder={say('import.country-hint')}
          maxLength={2}
          value={country}
          onChange={(event) => setCountry(event.target.value.toUpperCase().replace(/[^A-Z]/g, ''))}
        />
      </div>
      {compartment && (
        <HandlingFields
          handling={handling}
          onHandling={setHandling}
          compartment={compartment}
          onCompartment={setCompartment}
          compartments={compartments}
        />
      )}
      <Trouble error={preview.error} />
    </Dialog>
  );
}

function FileField({
  file,
  onFile,
}: {
  readonly file: File | null;
  readonly onFile: (file: File | null) => void;
}) {
  const say = useText('indicators', indicatorsText);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    onFile(event.dataTransfer.files[0] ?? null);
  };
  return (
    <label className={styles.file} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <IconFileText size={20} stroke={1.5} />
      <span>
        <b>{file?.name ?? say('import.file')}</b>
        {file ? `${Math.ceil(file.size / 1000).toLocaleString('en')} kB` : say('import.drop')}
      </span>
      <input
        className="visually-hidden"
        type="file"
        accept=".json,.stix,.csv,.tsv,.txt,.md,.log,.eml"
        onChange={(event) => onFile(event.target.files?.[0] ?? null)}
      />
    </label>
  );
}
