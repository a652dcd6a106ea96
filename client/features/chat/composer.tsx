import { IconSend2 } from '@tabler/icons-react';
import {
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react';
import { type Say, useText } from '#client/platform/text.ts';
import { classes } from '#client/ui/classes.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Trouble } from '#client/ui/states/states.tsx';
import { maxMessageLength } from '#shared/contracts/chat.ts';
import styles from './composer.module.css';
import { ComposerBar } from './composer-bar.tsx';
import { ComposerContext } from './composer-context.tsx';
import { type Draft, useDraft } from './draft.ts';
import { PickerList } from './picker-list.tsx';
import type { ChatSlots } from './slots.ts';
import { chatText } from './text.ts';
import { askedAt, type Choice, usePicker } from './use-picker.ts';
import { useSendDraft } from './use-send-draft.ts';
import { useTyping } from './use-typing.ts';

const NEAR = 400;

/** The box. What is in it stays until the hub has it on the record. */
export function Composer(slots: ChatSlots) {
  const say = useText('chat', chatText);
  if (slots.silenced) {
    return <div className={styles.silenced}>{say(`box.${slots.silenced}`)}</div>;
  }
  return <Box {...slots} />;
}

function Box(slots: ChatSlots) {
  const say = useText('chat', chatText);
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const { draft, change } = useDraft(slots.operationId);
  const { send, sending } = useSendDraft(slots, draft, change);
  const [caret, setCaret] = useState(0);
  const typing = useTyping();
  const asked = askedAt(draft.text, caret);
  const pick = (choice: Choice) => {
    const { text, caret: next, references } = afterPick(draft, { caret, choice });
    change({ text, references });
    setCaret(next);
    requestAnimationFrame(() => box.current?.setSelectionRange(next, next));
  };
  const picker = usePicker(slots, asked, pick);
  const left = maxMessageLength - draft.text.length;
  const ready = draft.text.trim() !== '' && left >= 0;
  const submit = () => {
    if (!ready || sending.isPending) return;
    typing.stop();
    send();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || picker.onKey(event)) return;
    if (event.key === 'Escape') change(stopped(draft));
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    submit();
  };
  const { editing, replyTo } = draft;
  useEffect(() => {
    if (editing || replyTo) box.current?.focus();
  }, [editing, replyTo]);
  const open = picker.choices.length > 0;
  return (
    <div className={styles.frame}>
      <Trouble error={sending.error} />
      {open && <PickerList id={id} choices={picker.choices} chosen={picker.chosen} onPick={pick} />}
      <DropBox slots={slots} draft={draft} change={change}>
        <ComposerContext slots={slots} draft={draft} change={change} />
        <textarea
          ref={box}
          className={styles.text}
          rows={1}
          aria-label={say('box.label')}
          aria-describedby={`${id}-hint`}
          aria-autocomplete="list"
          aria-controls={open ? id : undefined}
          aria-activedescendant={open ? `${id}-${picker.chosen}` : undefined}
          placeholder={placeholder(say, slots, draft)}
          value={draft.text}
          onChange={(event) => {
            change({ text: event.target.value });
            setCaret(event.target.selectionStart);
            typing.start();
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        <ComposerBar
          slots={slots}
          draft={draft}
          change={(next) => {
            change(next);
            if (next.text !== undefined) setCaret(next.text.length);
            box.current?.focus();
          }}
        >
          {left < NEAR && (
            <span className={classes(styles.left, left < 0 && styles.over)} role="status">
              {left < 0 ? say('box.over', { over: -left }) : say('box.left', { left })}
            </span>
          )}
          <Button
            look="primary"
            className={styles.send ?? ''}
            aria-label={say(draft.editing ? 'box.save' : 'box.send')}
            title={say(draft.editing ? 'box.save' : 'box.send')}
            disabled={!ready}
            busy={sending.isPending}
            onClick={submit}
          >
            <IconSend2 size={16} />
          </Button>
        </ComposerBar>
      </DropBox>
      <span id={`${id}-hint`} className="visually-hidden">
        {say('box.hint')}
      </span>
    </div>
  );
}

type Parts = {
  readonly slots: ChatSlots;
  readonly draft: Draft;
  readonly change: (next: Partial<Draft>) => void;
  readonly children: ReactNode;
};

function DropBox({ slots, draft, change, children }: Parts) {
  const [over, setOver] = useState(false);
  const allow = (event: DragEvent) => {
    if (!slots.mayDrop(event.dataTransfer)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    setOver(false);
    const offer = slots.offerDropped(event.dataTransfer);
    if (!offer) return;
    event.preventDefault();
    change({ references: withReference(draft.references, offer.reference) });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; # does the same from the keyboard.
    <div
      className={classes(styles.box, over && styles.dropping)}
      onDragOver={allow}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
  );
}

function withReference(
  held: Draft['references'],
  reference: Draft['references'][number],
): Draft['references'] {
  return held.some((each) => each.id === reference.id) ? held : [...held, reference];
}

/** An officer's handle goes into the words, an indicator beside them. */
function afterPick(draft: Draft, { caret, choice }: { caret: number; choice: Choice }) {
  const asked = askedAt(draft.text, caret);
  const from = asked?.from ?? caret;
  const word = choice.kind === 'person' ? `@${choice.person.handle} ` : '';
  const text = draft.text.slice(0, from) + word + draft.text.slice(caret);
  const references =
    choice.kind === 'offer' ? withReference(draft.references, choice.offer.reference) : draft.references;
  return { text, references, caret: from + word.length };
}

export function stopped(draft: Draft): Partial<Draft> {
  return draft.editing ? { editing: null, text: '', references: [] } : { replyTo: null };
}

function placeholder(say: Say<typeof chatText>, slots: ChatSlots, draft: Draft): string {
  const name = slots.compartments.find((each) => each.id === draft.compartment)?.name ?? 'main';
  if (name === 'main' && slots.deskCount > 0) return say('box.to-all', { count: slots.deskCount });
  return say('box.to', { name });
}
