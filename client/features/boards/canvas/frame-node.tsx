import { type NodeProps, NodeResizer } from '@xyflow/react';
import { memo } from 'react';

import { classes } from '#client/ui/classes.ts';
import { editFrame } from '#shared/board/frame.ts';
import { boardLimits } from '#shared/board/limits.ts';

import { useBoard, useBoardsText } from '../board-context.ts';
import { HolderTag } from '../card/holder-tag.tsx';
import { TypingNote } from '../card/typing-note.tsx';
import { useSharedText } from '../card/use-shared-text.ts';
import { useTyping } from '../card/use-typing.ts';
import type { FrameNode as Node } from './flow.ts';
import styles from './frame.module.css';
import { useResizing } from './resizing.ts';

export const FrameNode = memo(function FrameNode({ data, selected }: NodeProps<Node>) {
  const { frame, holder, editing, tabbable } = data;
  const { writable } = useBoard();
  const resize = useResizing();
  const say = useBoardsText();
  const { least } = boardLimits.frameSide;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would say that a frame is a form.
    <div
      className={classes(styles.frame, selected && styles.selected)}
      style={{ '--holder': holder?.colour }}
      data-card={frame.id}
      role="group"
      aria-roledescription={say('frameRole')}
      aria-label={frame.title || say('untitled')}
      tabIndex={tabbable ? 0 : -1}
    >
      {holder && !selected && <HolderTag holder={holder} of={frame.id} />}
      {editing ? (
        <FrameTitle frame={frame} />
      ) : (
        <b className={`${styles.title} frame-handle`}>{frame.title || say('frameNew')}</b>
      )}
      <NodeResizer
        isVisible={selected && writable}
        minWidth={least}
        minHeight={least}
        lineClassName={styles.edge ?? ''}
        handleClassName={styles.corner ?? ''}
        onResize={(_event, to) => resize(frame, to, false)}
        onResizeEnd={(_event, to) => resize(frame, to, true)}
      />
    </div>
  );
});

function FrameTitle({ frame }: { readonly frame: Node['data']['frame'] }) {
  const { desk, stopEditing } = useBoard();
  const say = useBoardsText();
  const field = useSharedText<HTMLInputElement>(frame.title, (title) =>
    desk.editing.act(`frame-${frame.id}`, (doc, origin) => editFrame(doc, { id: frame.id, title }, origin)),
  );
  const typing = useTyping(frame.id, 'title');
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only catches what its field lets through.
    <div
      className={`${styles.naming} nodrag nopan`}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) stopEditing();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape' || event.key === 'Enter') stopEditing(true);
      }}
    >
      <input
        {...field}
        {...typing.field}
        className={`${styles.title} ${styles.input}`}
        aria-label={say('frameTitle')}
        placeholder={say('frameTitle')}
        maxLength={boardLimits.title}
        // biome-ignore lint/a11y/noAutofocus: the officer has just asked to name it.
        autoFocus
      />
      <TypingNote typing={typing} input={field.ref} />
    </div>
  );
}
