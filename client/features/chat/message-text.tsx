import type { ReactNode } from 'react';
import { classes } from '#client/ui/classes.ts';
import type { Person } from '#shared/contracts/common.ts';
import styles from './chat.module.css';

type Props = {
  readonly text: string;
  readonly mentions: readonly string[];
  readonly people: readonly Person[];
  readonly me: string;
  readonly children?: ReactNode;
};

/** Words as they were written: no links, since an address in a message may be live. Names that were meant are marked. */
export function MessageText({ text, mentions, people, me, children }: Props) {
  const handles = new Map(
    people.filter((person) => mentions.includes(person.officer)).map((person) => [person.handle, person]),
  );
  const parts = partsOf(text);
  return (
    <p className={styles.text}>
      {parts.map(({ part, at }) => {
        const person = handles.get(part.slice(1).replace(/[.-]+$/, ''));
        if (!part.startsWith('@') || !person) return part;
        return (
          <span
            key={at}
            className={classes(styles.mention, person.officer === me && styles.mentionMe)}
            title={person.name}
          >
            {part}
          </span>
        );
      })}
      {children}
    </p>
  );
}

/** The text in pieces, each known by where it begins. */
function partsOf(text: string): readonly { readonly part: string; readonly at: number }[] {
  let at = 0;
  return text.split(/(@[\w.-]+)/).map((part) => {
    const begins = at;
    at += part.length;
    return { part, at: begins };
  });
}
