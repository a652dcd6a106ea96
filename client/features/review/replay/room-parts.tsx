import type { ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { useText } from '#client/platform/text.ts';
import { utcStamp } from '#client/platform/time.ts';
import { classes } from '#client/ui/classes.ts';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { deskLine } from '#client/ui/item/country.ts';
import { Pill } from '#client/ui/item/pill.tsx';
import { Time } from '#client/ui/item/time.tsx';
import { Tlp } from '#client/ui/tlp.tsx';
import type { Person } from '#shared/contracts/common.ts';
import type { IndicatorThen, MessageThen } from '#shared/contracts/review-replay.ts';
import { defang } from '#shared/interchange/defang.ts';
import styles from './room-parts.module.css';
import { replayText } from './text.ts';
import type { Then } from './use-tape.ts';

type Props = {
  readonly then: Then;
  /** What the entry at hand is about. */
  readonly about: string | null;
};

/** The chat as it then read, its end in view. */
export function ChatThen({ then, about }: Props) {
  const say = useText('replay', replayText);
  const { messages, total } = then.room.chat;
  const end = useRef<HTMLDivElement>(null);
  const newest = messages.at(-1)?.id;
  useEffect(() => {
    const { current } = end;
    const there = about !== null && current?.querySelector(`[data-message="${CSS.escape(about)}"]`);
    if (there) there.scrollIntoView({ block: 'nearest' });
    else if (newest !== undefined) current?.scrollTo({ top: current.scrollHeight });
  }, [newest, about]);
  if (messages.length === 0) return <None>{say('no-chat')}</None>;
  const hidden = total - messages.length;
  return (
    <div ref={end} className={styles.scroll}>
      {hidden > 0 && <p className={styles.rest}>{say('earlier', { count: hidden })}</p>}
      <ol className={styles.list}>
        {messages.map((message) => (
          <Said key={message.id} message={message} then={then} here={message.id === about} />
        ))}
      </ol>
    </div>
  );
}

type SaidProps = { readonly message: MessageThen; readonly then: Then; readonly here: boolean };

function Said({ message, then, here }: SaidProps) {
  const say = useText('replay', replayText);
  const { author, postedAt, text, handling, editedAt } = message;
  const person = then.people.get(author);
  return (
    <li className={classes(styles.said, here && styles.here)} data-message={message.id}>
      <Face person={person} />
      <div>
        <p className={styles.by}>
          <b>{person?.name ?? say('somebody')}</b> {person && deskLine(person)} <Time iso={postedAt} />
          {editedAt !== null && <span>{say('edited')}</span>}
          <span className={styles.space} />
          <Tlp label={handling.tlp} />
        </p>
        {text === null ? (
          <p className={styles.gone}>{say('withdrawn')}</p>
        ) : (
          <p className={styles.text}>{defang(text)}</p>
        )}
      </div>
    </li>
  );
}

/** The register as it then stood, newest first. */
export function RegisterThen({ then, about }: Props) {
  const say = useText('replay', replayText);
  const { indicators, total } = then.room.register;
  if (indicators.length === 0) return <None>{say('no-register')}</None>;
  const shown = indicators.filter(({ state }) => state === 'active').length;
  return (
    <div className={styles.scroll}>
      <ol className={styles.list}>
        {indicators.map((indicator) => (
          <Held key={indicator.id} indicator={indicator} here={indicator.id === about} />
        ))}
      </ol>
      {total > shown && <p className={styles.rest}>{say('older', { count: total - shown })}</p>}
    </div>
  );
}

function Held({ indicator, here }: { readonly indicator: IndicatorThen; readonly here: boolean }) {
  const say = useText('replay', replayText);
  const { display, type, originator, addedAt, handling, state } = indicator;
  return (
    <li className={classes(styles.held, here && styles.here, state === 'withdrawn' && styles.gone)}>
      <span className={styles.value}>{display}</span>
      <Tlp label={handling.tlp} />
      <span className={styles.kind}>
        {type} · {originator} · <Time iso={addedAt} form="stamp" />
        {state === 'withdrawn' && ` · ${say('withdrawn')}`}
      </span>
    </li>
  );
}

/** The members of that moment, and when each last came in. */
export function PeopleThen({ then, about }: Props) {
  const say = useText('replay', replayText);
  const { members, visits } = then.room;
  if (members.length === 0) return <None>{say('no-people')}</None>;
  const came = new Map(visits.map(({ officer, at }) => [officer, at]));
  return (
    <div className={styles.scroll}>
      <ol className={styles.list}>
        {members.map(({ officer, role, addedAt, compartments }) => {
          const person = then.people.get(officer);
          const at = came.get(officer);
          return (
            <li key={officer} className={classes(styles.said, officer === about && styles.here)}>
              <Face person={person} />
              <div>
                <p className={styles.by}>
                  <b>{person?.name ?? say('somebody')}</b> {person && deskLine(person)}
                  <span className={styles.space} />
                  <Pill tone={role === 'lead' ? 'accent' : 'plain'}>{roleOf(role, say)}</Pill>
                </p>
                <p className={styles.kind}>
                  {compartments.join(', ')} · {say('since', { time: utcStamp(addedAt) })} ·{' '}
                  {at === undefined ? say('not-came') : say('came', { time: utcStamp(at) })}
                </p>
              </div>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

const roles = ['lead', 'officer', 'observer', 'auditor'] as const;

function roleOf(role: string, say: ReturnType<typeof useText<typeof replayText>>): string {
  const known = roles.find((each) => each === role);
  return known ? say(`role.${known}`) : role;
}

function Face({ person }: { readonly person: Pick<Person, 'officer' | 'name' | 'country'> | undefined }) {
  return person ? <Avatar person={person} size={26} /> : <span className={styles.face} />;
}

function None({ children }: { readonly children: ReactNode }) {
  return <p className={styles.none}>{children}</p>;
}
