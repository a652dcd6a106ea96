import { useBoardsText } from '../board-context.ts';
import type { Other } from '../model/presence.ts';
import styles from './card.module.css';

/** Who else has this selected, or is typing in it. */
export function HolderTag({ holder, of }: { readonly holder: Other; readonly of: string }) {
  const say = useBoardsText();
  const { name, country, colour, typing } = holder;
  const who = country ? `${name} · ${country}` : name;
  return (
    <span className={styles.tag} style={{ '--holder': colour }} aria-hidden="true">
      {typing?.record === of ? say('isTyping', { name: who }) : who}
    </span>
  );
}
