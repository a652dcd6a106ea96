import type { Other } from '../model/presence.ts';
import styles from './card.module.css';

/** Who else has this selected. */
export function HolderTag({ holder }: { readonly holder: Other }) {
  return (
    <span className={styles.tag} style={{ '--holder': holder.colour }} aria-hidden="true">
      {holder.name}
      {holder.country && ` · ${holder.country}`}
    </span>
  );
}
