import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Checkbox, Select } from '#client/ui/controls/field.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { toast } from '#client/ui/overlays/toast.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import type { Witness } from '#shared/contracts/witnesses.ts';
import { suggestQuorum } from '#shared/record/witness/policy.ts';
import type { Room } from './room.ts';
import { witnessesText } from './text.ts';
import { useSetQuorum } from './use-witnesses.ts';
import styles from './witnesses.module.css';

type Props = {
  readonly room: Room;
  readonly witnesses: readonly Witness[];
  /** There is no quorum yet: one officer sets it. */
  readonly first: boolean;
  readonly onClose: () => void;
};

/** Who counts, and how many it takes. The suggestion moves with the choice until a number was picked. */
export function SetQuorum({ room, witnesses, first, onClose }: Props) {
  const say = useText('witnesses', witnessesText);
  const set = useSetQuorum(room.operationId);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [picked, setPicked] = useState<number | null>(null);
  const chosen = witnesses.filter(({ id }) => !left.has(id));
  const of = chosen.length;
  const suggested = suggestQuorum(of);
  const need = Math.min(picked ?? suggested, of);
  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };
  const submit = () =>
    set.mutate(
      { witnessIds: chosen.map(({ id }) => id), need },
      {
        onSuccess({ text }) {
          toast(say(text === null ? 'quorum.asked' : 'quorum.done'));
          onClose();
        },
      },
    );
  return (
    <Dialog
      title={say('quorum.title')}
      onClose={onClose}
      closeLabel={say('close')}
      foot={
        <>
          <Button onClick={onClose}>{say('cancel')}</Button>
          <Button look="primary" disabled={of === 0} busy={set.isPending} onClick={submit}>
            {say(first ? 'quorum.submit' : 'quorum.ask')}
          </Button>
        </>
      }
    >
      <p>{say('quorum.says')}</p>
      {!first && <p>{say('quorum.two')}</p>}
      <fieldset className={styles.choice}>
        <legend>{say('quorum.who')}</legend>
        {witnesses.map(({ id, desk, country, deskName }) => (
          <Checkbox
            key={id}
            label={`${country} · ${desk} · ${deskName}`}
            checked={!left.has(id)}
            onChange={() => toggle(id)}
          />
        ))}
      </fieldset>
      {of > 0 && (
        <Select
          label={say('quorum.need')}
          value={String(need)}
          onPick={(value) => setPicked(Number(value))}
          options={Array.from({ length: of }, (_, at) => at + 1).map((each) => ({
            value: String(each),
            label: say(each === suggested ? 'quorum.suggested' : 'quorum.of', { need: each, of }),
          }))}
          hint={
            need < suggested
              ? say('quorum.low')
              : say('quorum.why', { need: suggested, of, f: Math.max(0, 2 * suggested - of - 1) })
          }
        />
      )}
      <Trouble error={set.error} />
    </Dialog>
  );
}
