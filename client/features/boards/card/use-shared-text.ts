import { type ChangeEvent, type RefObject, useLayoutEffect, useRef, useState } from 'react';

import { rebased, shiftCaret, textEdit } from '#shared/board/text-edit.ts';

type Field = HTMLInputElement | HTMLTextAreaElement;
type SharedText<F extends Field> = {
  readonly ref: RefObject<F | null>;
  readonly value: string;
  readonly onChange: (event: ChangeEvent<F>) => void;
  readonly onSelect: () => void;
  readonly onCompositionStart: () => void;
  readonly onCompositionEnd: () => void;
};

/**
 * A field over co-edited text. Typing goes to the document at once, but an input method first finishes its word;
 * when others type, the caret stays with the words it stood at.
 */
export function useSharedText<F extends Field>(
  words: string,
  write: (text: string, caret: number) => void,
): SharedText<F> {
  const ref = useRef<F>(null);
  const [composing, setComposing] = useState<string | null>(null);
  /** What the field says, as far as the document knows. */
  const shown = useRef(words);
  const caret = useRef<readonly [number, number]>([words.length, words.length]);
  const remember = () => {
    const field = ref.current;
    if (field) caret.current = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
  };
  const send = (field: F) => {
    remember();
    const typed = textEdit(shown.current, field.value, caret.current[1]);
    if (!typed) return;
    const next = rebased(typed, textEdit(shown.current, words), words);
    shown.current = next.text;
    caret.current = [next.caret, next.caret];
    write(next.text, next.caret);
  };
  useLayoutEffect(() => {
    const edit = textEdit(shown.current, words);
    if (composing !== null) return;
    shown.current = words;
    const field = ref.current;
    if (!edit || !field || field.ownerDocument.activeElement !== field) return;
    const [start, end] = caret.current;
    caret.current = [shiftCaret(start, edit), shiftCaret(end, edit)];
    field.setSelectionRange(...caret.current);
  }, [words, composing]);
  return {
    ref,
    value: composing ?? words,
    onChange: (event) => (composing === null ? send(event.target) : setComposing(event.target.value)),
    onSelect: remember,
    onCompositionStart: () => setComposing(words),
    onCompositionEnd: () => {
      setComposing(null);
      if (ref.current) send(ref.current);
    },
  };
}
