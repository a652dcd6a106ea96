import { IconUserMinus } from '@tabler/icons-react';
import { useText } from '#client/platform/text.ts';
import { bothStamps } from '#client/platform/time.ts';
import { IconButton } from '#client/ui/controls/button.tsx';
import { Avatar } from '#client/ui/item/avatar.tsx';
import { Pill } from '#client/ui/item/pill.tsx';
import type { Member } from '#shared/contracts/operations.ts';
import type { PresenceState } from '#shared/contracts/rooms.ts';
import styles from './people.module.css';
import { operationsText } from './text.ts';

type Props = {
  readonly member: Member;
  readonly here: PresenceState | null;
  readonly compartments: string;
  readonly isMe: boolean;
  readonly onRemove?: () => void;
};

export function MemberRow({ member, here, compartments, isMe, onRemove }: Props) {
  const say = useText('operations', operationsText);
  return (
    <li className={styles.member} data-here={here !== null}>
      <Avatar person={member} size={30} />
      <div className={styles.who} title={say('people.added', { time: bothStamps(member.addedAt) })}>
        <span className={styles.name}>
          <b>{member.name}</b>
          {isMe && <span className={styles.you}>{say('people.you')}</span>}
          {member.role !== 'officer' && (
            <Pill tone={member.role === 'lead' ? 'accent' : 'plain'}>{say(`role.${member.role}`)}</Pill>
          )}
        </span>
        <span className={styles.more}>
          {member.desk} · <span className="mono">@{member.handle}</span>
        </span>
        <span className={styles.more}>
          {here ? <span className={styles.here}>{say(`people.place.${here.place}`)}</span> : null}
          {say('people.in', { names: compartments })}
        </span>
      </div>
      {onRemove && (
        <IconButton label={say('people.remove', { name: member.name })} onClick={onRemove}>
          <IconUserMinus size={16} />
        </IconButton>
      )}
    </li>
  );
}
