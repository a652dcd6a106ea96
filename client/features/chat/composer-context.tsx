import { IconX } from '@tabler/icons-react';

import { useText } from '#client/platform/text.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import styles from './composer.module.css';
import type { Draft } from './draft.ts';
import type { ChatSlots } from './slots.ts';
import { chatText } from './text.ts';

type Props = {
  readonly slots: ChatSlots;
  readonly draft: Draft;
  readonly change: (next: Partial<Draft>) => void;
};

/** What the message answers or changes, and what it points at. */
export function ComposerContext({ slots, draft, change }: Props) {
  const say = useText('chat', chatText);
  const { replyTo, editing, references } = draft;
  const about = editing ?? replyTo;
  const stop = () => change(editing ? { editing: null, text: '', references: [] } : { replyTo: null });
  return (
    <>
      {about && (
        <div className={styles.about}>
          <span>
            <b>{editing ? say('box.editing') : say('box.replying', { name: about.author.name })}</b>{' '}
            {about.text}
          </span>
          <IconButton label={say('box.stop')} onClick={stop}>
            <IconX size={14} />
          </IconButton>
        </div>
      )}
      {references.length > 0 && (
        <div className={styles.references}>
          {references.map((reference) => (
            <span key={reference.id} className={styles.reference}>
              {slots.renderReference(reference)}
              <IconButton
                label={say('box.unrefer', { title: reference.kind })}
                onClick={() => change({ references: references.filter((each) => each.id !== reference.id) })}
              >
                <IconX size={13} />
              </IconButton>
            </span>
          ))}
        </div>
      )}
    </>
  );
}
