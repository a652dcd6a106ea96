import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

import { Dialog } from '#client/ui/overlays/dialog.tsx';

import { useBoardsText } from '../board-context.ts';
import styles from './panels.module.css';

export type Choice = {
  readonly id: string;
  readonly words: string;
  readonly icon?: ReactNode;
  readonly right?: ReactNode;
};

type PickDialogProps = {
  readonly title: string;
  readonly filterLabel: string;
  readonly choices: readonly Choice[];
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
};

const MOST_SHOWN = 60;

/** Type to narrow down, arrows to choose, Enter to take. */
export function PickDialog({ title, filterLabel, choices, onPick, onClose }: PickDialogProps) {
  const say = useBoardsText();
  const list = useId();
  const [filter, setFilter] = useState('');
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  // After the dialog has opened: it gives the focus to its first button.
  useEffect(() => input.current?.focus(), []);
  const wanted = filter.trim().toLocaleLowerCase();
  const found = choices
    .filter((choice) => choice.words.toLocaleLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
  const chosen = found[Math.min(at, found.length - 1)];
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((before) => Math.max(0, Math.min(found.length - 1, before + step)));
    } else if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      onPick(chosen.id);
    }
  };
  return (
    <Dialog title={title} closeLabel={say('close')} onClose={onClose}>
      <input
        className={styles.field}
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={chosen && `${list}-${chosen.id}`}
        aria-label={filterLabel}
        placeholder={filterLabel}
        ref={input}
        value={filter}
        onChange={({ target }) => {
          setFilter(target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div id={list} role="listbox" aria-label={title} className={styles.choices}>
        {found.map((choice) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above has the keys.
          <div
            key={choice.id}
            id={`${list}-${choice.id}`}
            role="option"
            tabIndex={-1}
            aria-selected={choice === chosen}
            className={styles.choice}
            ref={(element) => {
              if (choice === chosen) element?.scrollIntoView({ block: 'nearest' });
            }}
            onClick={() => onPick(choice.id)}
          >
            {choice.icon}
            <span className={styles.words}>{choice.words}</span>
            {choice.right}
          </div>
        ))}
        {found.length === 0 && <p className={styles.none}>{say('pickNothing')}</p>}
      </div>
    </Dialog>
  );
}
