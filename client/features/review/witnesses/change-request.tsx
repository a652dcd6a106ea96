import { IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '#client/platform/text.ts';
import { bothStamps } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import type { ChangeRequest, Witness } from '#shared/contracts/witnesses.ts';
import { can } from '#shared/policy/can.ts';
import type { Room } from './room.ts';
import { SettleRequest } from './settle-request.tsx';
import { witnessesText } from './text.ts';
import styles from './witnesses.module.css';

type Props = {
  readonly room: Room;
  readonly request: ChangeRequest;
  readonly witnesses: readonly Witness[];
};

/** What one desk asks for, shown to everybody: another desk confirms or refuses it, its own takes it back. [RC-90] */
export function ChangeRequestBlock({ room, request, witnesses }: Props) {
  const say = useText('witnesses', witnessesText);
  const [settling, setSettling] = useState<'confirm' | 'withdraw' | null>(null);
  const { askedBy, change, reason, confirmBefore } = request;
  const own = askedBy?.desk === room.desk;
  const deskOf = (id: string) => witnesses.find((one) => one.id === id)?.desk ?? '—';
  const who = { name: askedBy?.name ?? '—', desk: askedBy?.desk ?? '—' };
  const words =
    change.what === 'retire'
      ? say('request.retire', { ...who, of: deskOf(change.witnessId) })
      : say('request.quorum', {
          ...who,
          need: change.need,
          of: change.witnessIds.length,
          desks: change.witnessIds.map(deskOf).sort().join(', '),
        });
  return (
    <section className={styles.changed} role="status" aria-label={say('request.title')}>
      <IconUsersGroup size={17} />
      <div>
        <b>{words}</b>
        {reason !== '' && <p>{say('request.reason', { reason })}</p>}
        <p>
          {say('request.until', { time: bothStamps(confirmBefore) })} {own && say('request.own', who)}
        </p>
        {can(room.actor, 'witness.confirm') && (
          <div className={styles.acts}>
            {!own && (
              <Button
                look={change.what === 'retire' ? 'danger' : 'primary'}
                onClick={() => setSettling('confirm')}
              >
                {say('request.confirm')}
              </Button>
            )}
            <Button onClick={() => setSettling('withdraw')}>
              {say(own ? 'request.withdraw' : 'request.refuse')}
            </Button>
          </div>
        )}
      </div>
      {settling && (
        <SettleRequest
          room={room}
          request={request}
          words={words}
          as={settling}
          own={own}
          onClose={() => setSettling(null)}
        />
      )}
    </section>
  );
}
