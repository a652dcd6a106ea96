import styles from './before-after.module.css';
import { commonOf } from './common-of.ts';

/** A text whose beginning and end are those of the other one; what lies between is marked. */
export function ChangedWords({ text, other }: { readonly text: string; readonly other: string | null }) {
  if (other === null || other === text) return text;
  const { start, end } = commonOf(text, other);
  return (
    <>
      {text.slice(0, start)}
      {end > start && <mark className={styles.marked}>{text.slice(start, end)}</mark>}
      {text.slice(end)}
    </>
  );
}
