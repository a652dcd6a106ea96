import { IconArrowNarrowRight, IconArrowsHorizontal, IconMinus, IconTrash } from '@tabler/icons-react';

import { IconButton } from '#client/ui/controls/button.tsx';
import { boardLimits } from '#shared/board/limits.ts';
import { deleteLinks, editLink, type Link, type LinkDirection } from '#shared/board/link.ts';

import { useBoard, useBoardsText } from '../board-context.ts';
import { TypingNote } from '../card/typing-note.tsx';
import { useSharedText } from '../card/use-shared-text.ts';
import { useTyping } from '../card/use-typing.ts';
import styles from './panels.module.css';

const directions = [
  ['forward', IconArrowNarrowRight],
  ['both', IconArrowsHorizontal],
  ['none', IconMinus],
] as const satisfies readonly (readonly [LinkDirection, unknown])[];

/** A link's words and direction, wherever it is edited. */
export function LinkFields({ link, focused }: { readonly link: Link; readonly focused?: boolean }) {
  const { desk, writable } = useBoard();
  const say = useBoardsText();
  const label = useSharedText<HTMLInputElement>(link.label, (text) =>
    desk.editing.act(`label-${link.id}`, (doc, origin) =>
      editLink(doc, { id: link.id, label: text }, origin),
    ),
  );
  const typing = useTyping(link.id, 'label');
  if (!writable) return <span className={styles.words}>{link.label || say('linkTitle')}</span>;
  return (
    <div className={styles.linkFields}>
      <input
        {...label}
        {...typing.field}
        className={styles.field}
        aria-label={say('linkLabel')}
        placeholder={say('linkLabel')}
        maxLength={boardLimits.label}
        // biome-ignore lint/a11y/noAutofocus: the officer has just chosen this link.
        autoFocus={focused ?? false}
      />
      {directions.map(([direction, Icon]) => (
        <IconButton
          key={direction}
          label={say(`direction_${direction}`)}
          aria-pressed={link.direction === direction}
          onClick={() =>
            desk.editing.act(null, (doc, origin) => editLink(doc, { id: link.id, direction }, origin))
          }
        >
          <Icon size={15} />
        </IconButton>
      ))}
      <IconButton
        label={say('deleteLink')}
        onClick={() => {
          desk.editing.act(null, (doc, origin) => deleteLinks(doc, [link.id], origin));
        }}
      >
        <IconTrash size={15} />
      </IconButton>
      <TypingNote typing={typing} input={label.ref} />
    </div>
  );
}
