import { IconHistory } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { TextField } from '#client/ui/controls/field.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { OperationId } from '#shared/kernel/ids.ts';
import styles from './review.module.css';
import { reviewText } from './text.ts';
import { useBeginReview } from './use-review.ts';

/** Reading is an act: it is said before it is done. */
export function BeginReview({
  operationId,
  name,
}: {
  readonly operationId: OperationId;
  readonly name: string;
}) {
  const say = useText('review', reviewText);
  const begin = useBeginReview(operationId);
  const [purpose, setPurpose] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate(purpose);
  };
  return (
    <form className={styles.begin} onSubmit={submit}>
      <IconHistory size={28} stroke={1.4} />
      <h2>{say('begin.title', { name })}</h2>
      <p>{say('begin.says')}</p>
      <TextField
        label={say('begin.purpose')}
        value={purpose}
        maxLength={300}
        autoFocus
        onChange={(event) => setPurpose(event.target.value)}
      />
      <Trouble error={begin.error} />
      <Button type="submit" look="primary" busy={begin.isPending}>
        {say('begin.submit')}
      </Button>
    </form>
  );
}
