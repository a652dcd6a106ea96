import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextArea, TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Loading, Trouble } from '#client/ui/states/states.tsx';
import { findingSorts } from '#shared/contracts/review-findings.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { useLineAt } from '../entries/use-line-at.ts';
import { Choices } from '../packs/choices.tsx';
import { AboutEntry } from './about-entry.tsx';
import styles from './finding.module.css';
import { findingsText } from './text.ts';
import { useOpenFinding } from './use-findings.ts';

export const TITLE = 120;
export const WORDS = 4000;

type Props = {
  readonly operationId: OperationId;
  /** The entry it is pinned to. */
  readonly seq: number;
  readonly onClose: () => void;
};

/** Writes a finding or a question about one entry. */
export function PinDialog({ operationId, seq, onClose }: Props) {
  const say = useText('findings', findingsText);
  const form = useId();
  const about = useLineAt(operationId, seq);
  const open = useOpenFinding(operationId, seq);
  const [sort, setSort] = useState<(typeof findingSorts)[number]>('finding');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() === '') return;
    open.mutate(
      { sort, title, text },
      {
        onSuccess(finding) {
          toast(say('pin.done', { title: finding.title, seq }));
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      title={say('pin.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={open.isPending}
            disabled={title.trim() === ''}
          >
            {say('pin.submit')}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit} onKeyDown={sendOnCtrlEnter}>
        <section className={styles.quoted} aria-label={say('pin.to', { seq })}>
          {about.data ? (
            <AboutEntry line={about.data} />
          ) : (
            <Loading label={say('pin.to', { seq })} rows={2} />
          )}
        </section>
        <Choices
          title={say('pin.sort')}
          value={sort}
          onPick={setSort}
          options={findingSorts.map((value) => ({
            value,
            label: say(`sort.${value}`),
            says: say(`sort.${value}-says`),
          }))}
        />
        <TextField
          label={say('pin.headline')}
          hint={<Left used={title.length} of={TITLE} otherwise={say('pin.headline-hint')} />}
          value={title}
          maxLength={TITLE}
          autoFocus
          required
          onChange={(event) => setTitle(event.target.value)}
        />
        <TextArea
          label={say('pin.text')}
          hint={<Left used={text.length} of={WORDS} />}
          rows={4}
          value={text}
          maxLength={WORDS}
          onChange={(event) => setText(event.target.value)}
        />
        <p className={styles.says}>{say('pin.says')}</p>
        <Trouble error={open.error} />
      </form>
    </Dialog>
  );
}

type LeftProps = { readonly used: number; readonly of: number; readonly otherwise?: string };

/** A limit shows before it refuses. */
export function Left({ used, of, otherwise = '' }: LeftProps) {
  const say = useText('findings', findingsText);
  const left = of - used;
  return <span>{left <= of / 5 ? say('left', { count: left }) : otherwise}</span>;
}

/** Control or Command with Enter sends what is written, as in the chat. */
export function sendOnCtrlEnter(event: KeyboardEvent<HTMLFormElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.requestSubmit();
}
