import { defang } from '#shared/interchange/defang.ts';
import { glanceAt } from './mark-found.ts';
import styles from './search.module.css';

/** Text of the record with what was sought in it. Defanged, and never a link. */
export function Marked({ text, sought }: { readonly text: string; readonly sought: string }) {
  let at = 0;
  return (
    <>
      {glanceAt(defang(text), sought).map((piece) => {
        const key = at;
        at += piece.text.length;
        return piece.hit ? (
          <mark key={key} className={styles.mark}>
            {piece.text}
          </mark>
        ) : (
          <span key={key}>{piece.text}</span>
        );
      })}
    </>
  );
}
