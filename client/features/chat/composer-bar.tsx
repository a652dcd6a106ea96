import { IconAt, IconChevronDown, IconHash } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { useText } from '#client/platform/text.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { MarkingMenu } from '#client/ui/item/marking.tsx';
import { Menu, MenuItem, MenuLabel } from '#client/ui/overlays/menu.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import styles from './composer.module.css';
import type { Draft } from './draft.ts';
import type { ChatSlots } from './slots.ts';
import { chatText } from './text.ts';
import { usualCompartment } from './use-send-draft.ts';

type Props = {
  readonly slots: ChatSlots;
  readonly draft: Draft;
  readonly change: (next: Partial<Draft>) => void;
  readonly children: ReactNode;
};

/** Under the words: how they are marked, who receives them, and sending. An edit keeps marking and compartment. */
export function ComposerBar({ slots, draft, change, children }: Props) {
  const say = useText('chat', chatText);
  const chosen = draft.compartment ?? usualCompartment(slots);
  const name = slots.compartments.find((each) => each.id === chosen)?.name ?? '';
  const type = (sign: string) =>
    change({ text: `${draft.text}${/\s$|^$/.test(draft.text) ? '' : ' '}${sign}` });
  return (
    <div className={styles.bar}>
      {draft.editing ? (
        <Tlp label={draft.editing.handling.tlp} />
      ) : (
        <>
          <MarkingMenu
            value={draft.tlp}
            label={say('box.marking')}
            says={(label) => say(`tlp.${label}`)}
            onPick={(tlp) => change({ tlp })}
          />
          {slots.compartments.length > 1 && (
            <Menu
              side="top-start"
              target={
                <button
                  type="button"
                  className={styles.compartment}
                  aria-label={`${say('box.compartment')}: ${name}`}
                >
                  {name}
                  <IconChevronDown size={12} />
                </button>
              }
            >
              <MenuLabel>{say('box.compartment')}</MenuLabel>
              {slots.compartments.map((each) => (
                <MenuItem key={each.id} onPick={() => change({ compartment: each.id })}>
                  {each.name}
                </MenuItem>
              ))}
            </Menu>
          )}
        </>
      )}
      <span className={styles.space} />
      <IconButton label={say('box.mention')} onClick={() => type('@')}>
        <IconAt size={15} />
      </IconButton>
      <IconButton label={say('box.refer')} onClick={() => type('#')}>
        <IconHash size={15} />
      </IconButton>
      {children}
    </div>
  );
}
