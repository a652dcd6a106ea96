import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Tlp } from '#client/ui/tlp.tsx';
import styles from './composer.module.css';
import { chatText } from './text.ts';
import type { Choice } from './use-picker.ts';

type Props = {
  readonly id: string;
  readonly choices: readonly Choice[];
  readonly chosen: number;
  readonly onPick: (choice: Choice) => void;
};

/** The list over the box. Focus stays in the box; the pointer picks without taking it away. */
export function PickerList({ id, choices, chosen, onPick }: Props) {
  const say = useText('chat', chatText);
  const people = choices[0]?.kind === 'person';
  return (
    <div
      id={id}
      className={styles.picker}
      role="listbox"
      aria-label={say(people ? 'pick.people' : 'pick.indicators')}
    >
      {choices.map((choice, at) => (
        <div
          key={choice.key}
          id={`${id}-${at}`}
          className={styles.choice}
          role="option"
          tabIndex={-1}
          aria-selected={at === chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            onPick(choice);
          }}
        >
          {choice.kind === 'person' ? (
            <>
              <Avatar person={choice.person} size={22} />
              <b>{choice.person.name}</b>
              <span className={styles.desk}>{deskLine(choice.person)}</span>
              <span className="mono">@{choice.person.handle}</span>
            </>
          ) : (
            <>
              <span className={`mono ${styles.value}`}>{choice.offer.title}</span>
              <Tlp label={choice.offer.tlp} />
            </>
          )}
        </div>
      ))}
    </div>
  );
}
