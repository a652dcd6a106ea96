import { type FormEvent, useId, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextArea } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import { conclusionKinds, type Finding } from '#shared/contracts/review-findings.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { Choices } from '../packs/choices.tsx';
import styles from './finding.module.css';
import { Left, sendOnCtrlEnter, WORDS } from './pin-dialog.tsx';
import { findingsText } from './text.ts';
import { useConcludeFinding } from './use-findings.ts';

type Props = {
  readonly operationId: OperationId;
  readonly finding: Finding;
  readonly onClose: () => void;
};

/** What a finding comes to, with its reason. There is no way back from it. */
export function ConcludeDialog({ operationId, finding, onClose }: Props) {
  const say = useText('findings', findingsText);
  const form = useId();
  const conclude = useConcludeFinding(operationId, finding.id);
  const [kind, setKind] = useState<(typeof conclusionKinds)[number] | null>(null);
  const [text, setText] = useState('');
  const ready = kind !== null && text.trim() !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (kind === null || !ready) return;
    conclude.mutate(
      { kind, text },
      {
        onSuccess() {
          toast(say('conclude.done', { kind: say(`conclusion.${kind}`) }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={say('conclude.title', { title: finding.title })}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button type="submit" form={form} look="primary" busy={conclude.isPending} disabled={!ready}>
            {say('conclude.submit')}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit} onKeyDown={sendOnCtrlEnter}>
        <Choices
          title={say('conclude.kind')}
          value={kind}
          onPick={setKind}
          options={conclusionKinds.map((value) => ({
            value,
            label: say(`conclusion.${value}`),
            says: say(`conclusion.${value}-says`),
          }))}
        />
        <TextArea
          label={say('conclude.reason')}
          hint={<Left used={text.length} of={WORDS} />}
          rows={3}
          value={text}
          maxLength={WORDS}
          required
          onChange={(event) => setText(event.target.value)}
        />
        <p className={styles.says}>{say('conclude.says')}</p>
        <Trouble error={conclude.error} />
      </form>
    </Dialog>
  );
}
