import styles from './before-after.module.css';

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

/** Where the texts part and meet again, at the edges of words; places of the first text. */
export function commonOf(text: string, other: string): { readonly start: number; readonly end: number } {
  const shorter = Math.min(text.length, other.length);
  let start = 0;
  while (start < shorter && text[start] === other[start]) start++;
  let rest = 0;
  while (rest < shorter - start && text.at(-1 - rest) === other.at(-1 - rest)) rest++;
  while (start > 0 && isInWord(text[start - 1])) start--;
  while (rest > 0 && isInWord(text[text.length - rest])) rest--;
  return { start, end: text.length - rest };
}

function isInWord(sign: string | undefined): boolean {
  return sign !== undefined && /[\p{L}\p{N}\p{M}\p{Cs}]/u.test(sign);
}
