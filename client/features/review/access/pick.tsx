import { IconEye } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Select, TextField } from '#client/ui/controls/field.tsx';
import type { Thing } from '#shared/contracts/review-access.ts';
import styles from './access.module.css';
import { accessText } from './text.ts';
import type { About } from './use-access.ts';

type Props = {
  readonly things: readonly Thing[];
  readonly about: About;
  readonly last: number;
  readonly onAsk: (about: About) => void;
};

/** What is asked about: everything, a board, or any entry by its number. Messages and indicators come from the timeline. */
export function Pick({ things, about, last, onAsk }: Props) {
  const say = useText('access', accessText);
  const [typed, setTyped] = useState('');
  const boards = things.filter(({ kind }) => kind === 'board');
  const chosen = about === null ? '' : 'entry' in about ? `entry ${about.entry}` : about.objectId;
  const others =
    about === null || boards.some(({ id }) => id === chosen)
      ? []
      : [
          {
            value: chosen,
            label: 'entry' in about ? say('pick.entry', { seq: about.entry }) : chosen.slice(0, 12),
          },
        ];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (/^\d+$/.test(typed)) onAsk({ entry: Math.min(last, Number(typed)) });
    setTyped('');
  };
  return (
    <div className={styles.pick}>
      <Select
        label={say('pick.label')}
        bare
        small
        value={chosen}
        onPick={(id) => {
          if (id !== chosen) onAsk(id === '' ? null : { objectId: id });
        }}
        options={[
          { value: '', label: say('pick.all') },
          ...boards.map(({ id, title }) => ({ value: id, label: `${say('thing.board')}: ${title}` })),
          ...others,
        ]}
      />
      <form className={styles.ask} onSubmit={submit}>
        <TextField
          label={say('pick.entry-field')}
          bare
          small
          mono
          inputMode="numeric"
          placeholder="#"
          value={typed}
          onChange={({ target }) => setTyped(target.value.replace(/\D/g, ''))}
        />
        <Button type="submit" disabled={typed === ''} className={styles.go ?? ''}>
          <IconEye size={14} />
          {say('pick.go')}
        </Button>
      </form>
    </div>
  );
}
