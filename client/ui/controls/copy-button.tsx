import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';

import { clock } from '#client/platform/clock.ts';
import { toastFailure } from '../overlays/toast.tsx';
import { Button, IconButton } from './button.tsx';

/** Copies, and shows for two seconds that it did. With `words` it is a button with a caption. */
export function CopyButton(props: {
  readonly text: string;
  readonly label: string;
  readonly words?: boolean;
}) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(props.text);
    } catch (error) {
      toastFailure(error);
      return;
    }
    setDone(true);
    clock.after(2000, () => setDone(false));
  };
  const icon = done ? <IconCheck size={15} /> : <IconCopy size={15} />;
  if (!props.words)
    return (
      <IconButton label={props.label} onClick={copy}>
        {icon}
      </IconButton>
    );
  return (
    <Button onClick={copy}>
      {icon}
      {props.label}
    </Button>
  );
}
