import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from 'react';

import { type Card, type CardEdit, editCard } from '#shared/board/card.ts';
import { boardLimits } from '#shared/board/limits.ts';
import { tlpLabels } from '#shared/policy/markings.ts';

import { useBoard, useBoardsText } from '../board-context.ts';
import styles from './card.module.css';
import { freeKinds } from './kinds.ts';
import { TypingNote } from './typing-note.tsx';
import { useKeepInView } from './use-keep-in-view.ts';
import { useSharedText } from './use-shared-text.ts';
import { useTyping } from './use-typing.ts';

/** A card being edited where it lies. Everything typed is on its way at once; there is nothing to confirm. */
export function CardEditor({ card }: { readonly card: Card }) {
  const { desk, stopEditing } = useBoard();
  const editor = useRef<HTMLDivElement>(null);
  useKeepInView(editor);
  const edit = (field: string, change: Omit<CardEdit, 'id'>) =>
    desk.editing.act(`${field}-${card.id}`, (doc, origin) =>
      editCard(doc, { id: card.id, ...change }, origin),
    );
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (key === 'escape' || (key === 'enter' && command)) stopEditing(true);
    else if (command && (key === 'z' || key === 'y')) {
      event.preventDefault();
      if (key === 'y' || event.shiftKey) desk.editing.redo();
      else desk.editing.undo();
    }
  };
  const left = (event: FocusEvent<HTMLElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) stopEditing();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only catches what its fields let through.
    <div ref={editor} className={`${styles.editor} nodrag nopan nowheel`} onKeyDown={keys} onBlur={left}>
      <Words card={card} edit={edit} />
      <Choices card={card} edit={edit} />
    </div>
  );
}

type Part = {
  readonly card: Card;
  readonly edit: (field: string, change: Omit<CardEdit, 'id'>) => void;
};

function Words({ card, edit }: Part) {
  const say = useBoardsText();
  const title = useSharedText<HTMLInputElement>(card.title, (text) => edit('title', { title: text }));
  const text = useSharedText<HTMLTextAreaElement>(card.text, (words, caret) =>
    edit('text', { text: words, caret }),
  );
  const typing = useTyping(card.id, 'title');
  const first = card.kind === 'note' ? text.ref : title.ref;
  useEffect(() => first.current?.focus(), [first]);
  return (
    <>
      <input
        {...title}
        {...typing.field}
        aria-label={say('title')}
        placeholder={say('title')}
        maxLength={boardLimits.title}
      />
      <TypingNote typing={typing} input={title.ref} />
      <textarea {...text} aria-label={say('text')} placeholder={say('text')} maxLength={boardLimits.text} />
      <Left used={card.title.length} most={boardLimits.title} />
      <Left used={card.text.length} most={boardLimits.text} />
    </>
  );
}

/** Limits show before they refuse. */
function Left({ used, most }: { readonly used: number; readonly most: number }) {
  const say = useBoardsText();
  if (used < most * 0.8) return null;
  return (
    <span className={styles.count} role="status">
      {say('left', { count: most - used })}
    </span>
  );
}

function Choices({ card, edit }: Part) {
  const say = useBoardsText();
  return (
    <div className={styles.row}>
      {!card.ref && (
        <select
          aria-label={say('kind')}
          value={card.kind}
          onChange={({ target }) => {
            const kind = freeKinds.find((one) => one === target.value);
            if (kind) edit('kind', { kind });
          }}
        >
          {freeKinds.map((kind) => (
            <option key={kind} value={kind}>
              {say(`kind_${kind}`)}
            </option>
          ))}
        </select>
      )}
      <select
        aria-label={say('marking')}
        value={card.tlp}
        onChange={({ target }) => {
          const tlp = tlpLabels.find((one) => one === target.value);
          if (tlp) edit('tlp', { tlp });
        }}
      >
        {tlpLabels.map((label) => (
          <option key={label} value={label}>
            TLP:{label}
          </option>
        ))}
      </select>
    </div>
  );
}
