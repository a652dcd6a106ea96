import { useBoardsText } from '../board-context.ts';
import styles from './card.module.css';
import type { Typing } from './use-typing.ts';

type Props = { readonly typing: Typing; readonly input: { current: HTMLElement | null } };

/** Under a field that somebody else is typing in. */
export function TypingNote({ typing, input }: Props) {
  const say = useBoardsText();
  const { other, waits, typeToo } = typing;
  if (!other) return null;
  return (
    <span className={styles.typing} style={{ '--holder': other.colour }} role="status">
      {say(waits ? 'typingWaits' : 'typingToo', { name: other.name })}
      {waits && (
        <button
          type="button"
          onClick={() => {
            input.current?.focus();
            typeToo();
          }}
        >
          {say('typeToo')}
        </button>
      )}
    </span>
  );
}
