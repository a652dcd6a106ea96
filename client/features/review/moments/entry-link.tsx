import { Link } from 'react-router';
import { useText } from '#client/platform/text.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { Time } from '#client/ui/item/time.tsx';
import type { Person } from '#shared/contracts/common.ts';
import type { LastAct } from '#shared/contracts/review-replay.ts';
import styles from './moments.module.css';
import { momentsText } from './text.ts';

/** Where the timeline shows an entry, opened. */
export function entryAddress(seq: number): string {
  return `?entry=${seq}`;
}

export function EntryLink({ seq }: { readonly seq: number }) {
  const say = useText('moments', momentsText);
  return (
    <Link className={styles.link ?? ''} to={entryAddress(seq)} title={say('to-entry', { seq })}>
      #{seq}
    </Link>
  );
}

type ActProps = { readonly act: LastAct | null; readonly people: ReadonlyMap<string, Person> };

/** Who did it, when, and where the record says so. */
export function ActLine({ act, people }: ActProps) {
  const say = useText('moments', momentsText);
  if (act === null) return null;
  const person = act.by === null ? undefined : people.get(act.by);
  return (
    <span className={styles.act}>
      {person && <Avatar person={person} size={18} />}
      <b>{person ? `${person.name} · ${person.country}` : say(act.by === null ? 'hub' : 'somebody')}</b>
      <Time iso={act.at} form="stamp" />
      <EntryLink seq={act.seq} />
    </span>
  );
}
