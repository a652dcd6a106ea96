import type { UseMutationResult } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextArea, TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';

import { lifecycleText } from './text.ts';

type Props = {
  readonly title: string;
  /** What it means, before it is done. */
  readonly says: readonly string[];
  readonly submit: string;
  readonly danger?: boolean;
  /** For what cannot be undone: to be typed. */
  readonly typeName?: string;
  /** Off for an act that takes no reason. */
  readonly reasoned?: boolean;
  readonly act: UseMutationResult<unknown, Error, object>;
  /** Further fields, above the reason. */
  readonly children?: ReactNode;
  /** Of those fields. */
  readonly given?: object;
  readonly ready?: boolean;
  readonly onClose: () => void;
};

const REASON = 500;

/** One act on the course of an operation: what it means, why it is done, and the button. */
export function ReasonDialog(props: Props) {
  const {
    title,
    says,
    submit,
    danger,
    typeName,
    reasoned = true,
    act,
    children,
    given,
    ready = true,
  } = props;
  const say = useText('lifecycle', lifecycleText);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const named = typeName === undefined || typed.trim() === typeName;
  const sure = ready && named && (!reasoned || reason.trim() !== '');
  const submitNow = () => act.mutate({ ...given, ...(reasoned && { reason }) }, { onSuccess: props.onClose });
  return (
    <Dialog
      title={title}
      onClose={props.onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={props.onClose}>{say('cancel')}</Button>
          <Button
            look={danger ? 'danger' : 'primary'}
            disabled={!sure}
            busy={act.isPending}
            onClick={submitNow}
          >
            {submit}
          </Button>
        </>
      }
    >
      {says.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {children}
      {reasoned && (
        <TextArea
          label={say('reason')}
          value={reason}
          maxLength={REASON}
          rows={2}
          autoFocus={children === undefined}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      {typeName !== undefined && (
        <TextField
          label={say('type-name', { name: typeName })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      <Trouble error={act.error} />
    </Dialog>
  );
}
