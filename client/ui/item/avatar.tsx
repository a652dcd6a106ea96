import type { CSSProperties } from 'react';

import { personColour } from '#shared/board/person-colour.ts';
import type { Person } from '#shared/contracts/common.ts';
import styles from './avatar.module.css';
import { initialsOf } from './initials.ts';

type Shown = Pick<Person, 'name' | 'country'> & { readonly officer: string };

function vars(size: number, colour?: string): CSSProperties {
  return { '--size': `${size}px`, '--colour': colour };
}

/** Initials on the officer's colour. The name stands beside it, or is its title. */
export function Avatar({ person, size = 30 }: { readonly person: Shown; readonly size?: number }) {
  return (
    <span
      className={styles.avatar}
      style={vars(size, personColour(person.officer))}
      title={`${person.name} · ${person.country}`}
      aria-hidden="true"
    >
      {initialsOf(person.name)}
    </span>
  );
}

/** Who is here, the first few by face and the rest by number. */
export function AvatarStack({
  people,
  most,
  label,
}: {
  readonly people: readonly Shown[];
  readonly most: number;
  readonly label: string;
}) {
  const shown = people.length > most ? people.slice(0, most - 1) : people;
  const rest = people.length - shown.length;
  return (
    <span className={styles.stack} role="img" aria-label={label}>
      {shown.map((person) => (
        <Avatar key={person.officer} person={person} size={26} />
      ))}
      {rest > 0 && (
        <span className={`${styles.avatar} ${styles.more}`} style={vars(26)}>
          +{rest}
        </span>
      )}
    </span>
  );
}
