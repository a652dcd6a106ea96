import { IconSearch, IconX } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { Button, IconButton } from '#client/ui/controls/button.tsx';
import { reviewText } from '../text.ts';
import styles from './search.module.css';

type Props = {
  readonly sought: string;
  readonly busy: boolean;
  /** An empty text ends the search. */
  readonly onSeek: (text: string) => void;
};

/** Seeks when it is sent and not with every letter: each search is an entry on the record. `/` goes there. */
export function SearchBox({ sought, busy, onSeek }: Props) {
  const say = useText('review', reviewText);
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(sought);
  useSlash(field);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSeek(text.trim());
  };
  const clear = () => {
    setText('');
    onSeek('');
    field.current?.focus();
  };
  return (
    <form className={styles.box} onSubmit={submit}>
      <IconSearch size={16} className={styles.lens} aria-hidden="true" />
      <input
        ref={field}
        type="search"
        enterKeyHint="search"
        aria-label={say('search.label')}
        placeholder={say('search.placeholder')}
        title={say('search.hint')}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '') return;
          event.preventDefault();
          clear();
        }}
      />
      {text !== '' && (
        <IconButton label={say('search.clear')} className={styles.clear ?? ''} onClick={clear}>
          <IconX size={14} />
        </IconButton>
      )}
      <Button type="submit" className={styles.go ?? ''} busy={busy} disabled={text.trim() === ''}>
        {say('search.go')}
      </Button>
    </form>
  );
}

function useSlash(field: { readonly current: HTMLInputElement | null }): void {
  useEffect(() => {
    const go = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    document.addEventListener('keydown', go);
    return () => document.removeEventListener('keydown', go);
  }, [field]);
}
