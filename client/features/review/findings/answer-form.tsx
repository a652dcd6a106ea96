import { type FormEvent, type ReactNode, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { CopyButton } from '#client/ui/controls/copy-button.tsx';
import { TextArea } from '#client/ui/controls/field.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Finding } from '#shared/contracts/review-findings.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import styles from './finding.module.css';
import { Left, sendOnCtrlEnter, WORDS } from './pin-dialog.tsx';
import { findingsText } from './text.ts';
import { useAnswerFinding } from './use-findings.ts';

type Props = {
  readonly operationId: OperationId;
  readonly finding: Finding;
  /** What else can be done to it, beside the answer. */
  readonly conclude: ReactNode;
};

/** An answer, while it can have one. Words that came too late are kept for whoever wrote them. */
export function AnswerForm({ operationId, finding, conclude }: Props) {
  const say = useText('findings', findingsText);
  const answer = useAnswerFinding(operationId, finding.id);
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') answer.mutate(text, { onSuccess: () => setText('') });
  };
  if (finding.state === 'concluded') {
    if (text.trim() === '') return null;
    return (
      <section className={styles.late} role="alert">
        <h3>{say('late-title')}</h3>
        <p>{say('late')}</p>
        <p className={styles.words}>{text}</p>
        <div className={styles.formFoot}>
          <CopyButton words text={text} label={say('late.copy')} />
          <Button look="quiet" onClick={() => setText('')}>
            {say('late.drop')}
          </Button>
        </div>
      </section>
    );
  }
  return (
    <form className={styles.answer} onSubmit={submit} onKeyDown={sendOnCtrlEnter}>
      <TextArea
        label={say('answer.label')}
        hint={<Left used={text.length} of={WORDS} />}
        rows={3}
        value={text}
        maxLength={WORDS}
        onChange={(event) => setText(event.target.value)}
      />
      <Trouble error={answer.error} />
      <div className={styles.formFoot}>
        {conclude}
        <Button type="submit" look="primary" busy={answer.isPending} disabled={text.trim() === ''}>
          {say('answer.submit')}
        </Button>
      </div>
    </form>
  );
}
