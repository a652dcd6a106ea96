import { useMemo } from 'react';
import { Link } from 'react-router';

import { MeMenu } from '#client/features/identity/me-menu.tsx';
import { SchemeToggle } from '#client/features/identity/scheme-toggle.tsx';
import { RetentionPill, StatePill } from '#client/features/operations/lifecycle/state-pill.tsx';
import { useNow } from '#client/platform/clock.ts';
import { useRoomFact } from '#client/platform/live-context.tsx';
import { useText } from '#client/platform/text.ts';
import { timeIn } from '#client/platform/time.ts';
import { AvatarStack } from '#client/ui/item/avatar.tsx';
import { countryName } from '#client/ui/item/country.ts';
import { Mark } from '#client/ui/mark.tsx';
import { appText } from '../text.ts';
import { capitalsOf } from './capitals.ts';
import styles from './room-header.module.css';
import { useRoomFacts } from './room-view.ts';

export function RoomHeader() {
  const say = useText('app', appText);
  const { opened, me } = useRoomFacts();
  const { operation, desks, partnerCount } = opened;
  const police = desks.filter((desk) => desk.kind === 'police').length;
  return (
    <header className={styles.header}>
      <Link className={styles.mark} to="/" aria-label={say('to-operations')} title={say('to-operations')}>
        <Mark />
      </Link>
      <h1 className={styles.name} title={operation.purpose || operation.name}>
        {operation.name}
      </h1>
      <StatePill operation={operation} />
      <RetentionPill operation={operation} />
      {desks.length > 0 && (
        <span className={styles.count}>
          {say('desks', { count: police })} · {say('partners', { count: partnerCount })}
        </span>
      )}
      <Clocks />
      <span className={styles.space} />
      <Present />
      <SchemeToggle />
      <MeMenu me={me} />
    </header>
  );
}

/** UTC, then every participating country's own time. */
function Clocks() {
  const say = useText('app', appText);
  const { opened, me } = useRoomFacts();
  const now = useNow(60_000);
  const capitals = useMemo(
    () => capitalsOf(opened.desks.length > 0 ? opened.desks.map((desk) => desk.country) : [me.country]),
    [opened.desks, me.country],
  );
  return (
    <section className={styles.clocks} aria-label={say('clocks')}>
      <span>
        <b>UTC</b>
        {timeIn('UTC', now)}
      </span>
      {capitals.map(({ country, label, zone }) => (
        <span key={country} title={countryName(country)}>
          <b>{label}</b>
          {timeIn(zone, now)}
        </span>
      ))}
    </section>
  );
}

function Present() {
  const say = useText('app', appText);
  const { me } = useRoomFacts();
  const present = useRoomFact((room) => room.present);
  const people = useMemo(() => {
    const once = new Map(present.map(({ person }) => [String(person.officer), person]));
    once.delete(me.officer);
    return [...once.values()];
  }, [present, me.officer]);
  if (people.length === 0) return null;
  const names = people.map(({ name }) => name).join(', ');
  return <AvatarStack people={people} most={5} label={say('present', { count: people.length, names })} />;
}
