import { IconBinoculars, IconScale, IconShieldPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed } from '#client/platform/time.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { Dialog } from '#client/ui/overlays/dialog.tsx';
import { Loading, Refused, StateScreen } from '#client/ui/states/states.tsx';
import type { Witness } from '#shared/contracts/witnesses.ts';
import { can } from '#shared/policy/can.ts';
import type { Trust } from '../verify/trust.ts';
import { useTrust } from '../verify/use-trust.ts';
import { BrowserWitness } from './browser-witness.tsx';
import { ChangeRequestBlock } from './change-request.tsx';
import { HubRecord } from './hub-record.tsx';
import { PolicyBlock } from './policy-block.tsx';
import { RegisterWitness } from './register-witness.tsx';
import { RetireWitness } from './retire-witness.tsx';
import type { Room } from './room.ts';
import { SetQuorum } from './set-quorum.tsx';
import { witnessesText } from './text.ts';
import { useWitnesses } from './use-witnesses.ts';
import { WitnessList } from './witness-list.tsx';
import styles from './witnesses.module.css';

type Asking =
  | { readonly what: 'register' | 'quorum' }
  | { readonly what: 'retire'; readonly witness: Witness };

/** Who cosigns this record, what each saw last, and what each desk can do about it. */
export function WitnessesDialog({ room, onClose }: { readonly room: Room; readonly onClose: () => void }) {
  const say = useText('witnesses', witnessesText);
  const { operationId, origin, actor, desk } = room;
  const listed = useWitnesses(operationId, can(actor, 'witness.read'), true);
  const trust = useTrust(operationId, origin).data;
  const [asking, setAsking] = useState<Asking | null>(null);
  const done = () => setAsking(null);
  const witnesses = listed.data?.witnesses ?? [];
  const request = listed.data?.request ?? null;
  const mayKeep = can(actor, 'witness.keep');
  const mine = witnesses.some((one) => one.kind === 'witness' && one.desk === desk && one.retiredAt === null);
  const countable = witnesses.filter((one) => one.kind === 'witness' && one.retiredAt === null);
  return (
    <Dialog title={say('title')} onClose={onClose} closeLabel={say('close')} wide>
      <Standing trust={trust} />
      {request && <ChangeRequestBlock room={room} request={request} witnesses={witnesses} />}
      <div className={styles.acts}>
        {mayKeep && !mine && (
          <Button look="primary" onClick={() => setAsking({ what: 'register' })}>
            <IconShieldPlus size={15} />
            {say('register.open')}
          </Button>
        )}
        {can(actor, 'witness.quorum') && countable.length > 0 && (
          <Button disabled={request !== null} onClick={() => setAsking({ what: 'quorum' })}>
            <IconScale size={15} />
            {say('quorum.open')}
          </Button>
        )}
      </div>
      {listed.isPending && <Loading label={say('loading')} rows={3} />}
      {listed.isError && <Refused error={listed.error} />}
      {listed.data && witnesses.length === 0 && (
        <StateScreen icon={<IconBinoculars size={26} stroke={1.4} />} title={say('list.none-title')}>
          {say('list.none')}
        </StateScreen>
      )}
      {witnesses.length > 0 && (
        <WitnessList
          witnesses={witnesses}
          mayRetire={(one) => mayKeep && (one.desk === desk || actor.role === 'lead')}
          onRetire={(witness) => setAsking({ what: 'retire', witness })}
        />
      )}
      {listed.data && <PolicyBlock room={room} policy={listed.data.policy} />}
      {listed.data && <HubRecord room={room} />}
      {mayKeep && <BrowserWitness room={room} />}
      <section className={styles.block}>
        <h3>{say('page.title')}</h3>
        <p>
          {say('page.says')}{' '}
          <a href="/verify.html" download>
            {say('page.get')}
          </a>
        </p>
      </section>
      {asking?.what === 'register' && <RegisterWitness room={room} onClose={done} />}
      {asking?.what === 'quorum' && (
        <SetQuorum room={room} witnesses={countable} first={listed.data?.policy === null} onClose={done} />
      )}
      {asking?.what === 'retire' && <RetireWitness room={room} witness={asking.witness} onClose={done} />}
    </Dialog>
  );
}

function Standing({ trust }: { readonly trust: Trust | undefined }) {
  const say = useText('witnesses', witnessesText);
  const now = useNow(1000);
  const words = () => {
    if (trust === undefined || trust.state === 'unsigned') return say('stand.unsigned');
    if (trust.state !== 'held') return say('stand.alarm');
    const { quorum } = trust;
    if (quorum === null) return say('stand.no-policy');
    const share = { have: quorum.cosigned.length, of: quorum.of, need: quorum.need };
    if (!quorum.met || quorum.at === null)
      return say('stand.short', { ...share, missing: quorum.missing.join(', ') });
    const ago = elapsed(quorum.at * 1000, now);
    return `${say('stand.met', { ...share, ago })} ${say('stand.covers', { size: quorum.size.toLocaleString('en') })}`;
  };
  return (
    <div className={styles.stand}>
      <p className={styles.words}>{words()}</p>
      <p className={styles.says}>{say('says')}</p>
    </div>
  );
}
