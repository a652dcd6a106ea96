import { type FormEvent, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Select, TextField } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { BoardId } from '#shared/kernel/ids.ts';
import { appText } from '../text.ts';
import { useRoomFacts } from './room-view.ts';
import { useCreateBoard } from './use-boards.ts';

type Props = { readonly onClose: () => void; readonly onCreated: (board: BoardId) => void };

export function CreateBoard({ onClose, onCreated }: Props) {
  const say = useText('app', appText);
  const { operationId, opened } = useRoomFacts();
  const create = useCreateBoard(operationId);
  const { compartments } = opened;
  const usual = compartments.find((each) => each.name === 'main') ?? compartments[0];
  const [title, setTitle] = useState('');
  const [compartment, setCompartment] = useState(usual?.id ?? null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim() === '' || !compartment) return;
    create.mutate({ title, compartment }, { onSuccess: (board) => onCreated(board.id) });
  };
  return (
    <Dialog
      title={say('boards.create')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button
            look="primary"
            type="submit"
            form="create-board"
            disabled={title.trim() === ''}
            busy={create.isPending}
          >
            {say('boards.submit')}
          </Button>
        </>
      }
    >
      <form id="create-board" onSubmit={submit} style={{ display: 'grid', gap: 14 }}>
        <TextField
          label={say('boards.title')}
          autoFocus
          maxLength={60}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        {compartment && (
          <Select
            label={say('boards.compartment')}
            hint={say('boards.compartment-hint')}
            value={compartment}
            onPick={setCompartment}
            options={compartments.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        <Trouble error={create.error} />
      </form>
    </Dialog>
  );
}
