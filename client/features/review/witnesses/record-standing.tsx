import { IconAlertOctagon, IconShield, IconShieldCheck, IconShieldQuestion } from '@tabler/icons-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import { useNow } from '#client/platform/clock.ts';
import { useText } from '#client/platform/text.ts';
import { elapsed } from '#client/platform/time.ts';
import type { Witness } from '#shared/contracts/witnesses.ts';
import { can } from '#shared/policy/can.ts';
import type { Quorum, Trust } from '../verify/trust.ts';
import { useTrust } from '../verify/use-trust.ts';
import type { Room } from './room.ts';
import styles from './standing.module.css';
import { countriesOf } from './standing.ts';
import { witnessesText } from './text.ts';
import { useBrowserCosigning } from './use-browser-witness.ts';
import { usePolicy, useWitnesses } from './use-witnesses.ts';
import { WitnessesDialog } from './witnesses-dialog.tsx';

/** In the room's last line: who stands behind the record, found out in this browser. Opens what there is to know. */
export function RecordStanding({ room }: { readonly room: Room }) {
  const say = useText('witnesses', witnessesText);
  const { operationId, origin, actor } = room;
  const may = can(actor, 'witness.read');
  const trust = useTrust(operationId, origin).data;
  const listed = useWitnesses(operationId, may).data;
  usePolicy(operationId, origin, listed?.policy?.text ?? null);
  useBrowserCosigning(operationId, origin);
  const [open, setOpen] = useState(false);
  if (!may) return null;
  return (
    <>
      <button
        type="button"
        className={styles.standing}
        data-state={toneOf(trust)}
        title={say('foot.open')}
        onClick={() => setOpen(true)}
      >
        <Words trust={trust} witnesses={listed?.witnesses ?? []} />
        {listed?.request && <span className={styles.waits}>{say('foot.waits')}</span>}
      </button>
      {open && createPortal(<WitnessesDialog room={room} onClose={() => setOpen(false)} />, document.body)}
    </>
  );
}

function toneOf(trust: Trust | undefined): 'good' | 'short' | 'bad' | 'plain' {
  if (trust === undefined || trust.state === 'unsigned') return 'plain';
  if (trust.state !== 'held') return 'bad';
  if (trust.quorum === null) return 'plain';
  return trust.quorum.met ? 'good' : 'short';
}

function Words({
  trust,
  witnesses,
}: {
  readonly trust: Trust | undefined;
  readonly witnesses: readonly Witness[];
}) {
  const say = useText('witnesses', witnessesText);
  if (trust === undefined || trust.state === 'unsigned')
    return (
      <>
        <IconShield size={14} />
        {say('foot.waiting')}
      </>
    );
  if (trust.state !== 'held')
    return (
      <>
        <IconAlertOctagon size={14} />
        {say('foot.alarm')}
      </>
    );
  if (trust.quorum === null)
    return (
      <>
        <IconShield size={14} />
        {say('foot.none')}
      </>
    );
  return <QuorumWords quorum={trust.quorum} witnesses={witnesses} />;
}

function QuorumWords({
  quorum,
  witnesses,
}: {
  readonly quorum: Quorum;
  readonly witnesses: readonly Witness[];
}) {
  const say = useText('witnesses', witnessesText);
  const now = useNow(1000);
  const share = { have: quorum.cosigned.length, of: quorum.of };
  if (!quorum.met || quorum.at === null)
    return (
      <>
        <IconShieldQuestion size={14} />
        {say('foot.short', share)}
      </>
    );
  const countries = countriesOf(
    quorum.cosigned.map(({ name }) => name),
    witnesses,
  );
  return (
    <>
      <IconShieldCheck size={14} />
      <span className={styles.long}>{say('foot.cosigned')}</span>
      <span className={styles.countries}>
        {countries.slice(0, 6).join(' ')}
        {countries.length > 6 && ` +${countries.length - 6}`}
      </span>
      <span className={styles.long}>· {say('foot.ago', { ago: elapsed(quorum.at * 1000, now) })}</span>
      <span className={styles.share}>{say('foot.share', share)}</span>
    </>
  );
}
