import {
  IconAlertOctagon,
  IconClock,
  IconLoader,
  IconLock,
  IconShieldCheck,
  IconShieldQuestion,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useText } from '#client/platform/text.ts';
import type { EntryOnWire } from '#shared/contracts/rooms.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { reviewText } from '../text.ts';
import type { Trust } from './trust.ts';
import { useVerdict } from './use-trust.ts';
import styles from './verify.module.css';

type Props = {
  readonly operationId: OperationId;
  readonly entry: EntryOnWire;
  readonly trust: Trust | undefined;
  /** With its words beside it. */
  readonly words?: boolean;
};

/** What this browser itself found out about one entry. */
export function ProofBadge({ operationId, entry, trust, words = false }: Props) {
  const say = useText('review', reviewText);
  const verdict = useVerdict(operationId, entry, trust);
  const held = trust?.state === 'held';
  const badge = (state: string, icon: ReactNode, label: string, title = label) => (
    <span className={styles.badge} data-state={state} role="img" aria-label={label} title={title}>
      {icon}
      {words && <span>{label}</span>}
    </span>
  );
  if (!held && trust !== undefined && trust.state !== 'unsigned')
    return badge('unproven', <IconShieldQuestion size={16} />, say('badge.unproven'));
  if (!held || entry.seq >= trust.checkpoint.size)
    return badge('waiting', <IconClock size={15} />, say('badge.waiting'));
  if (verdict.isPending) return badge('waiting', <IconLoader size={15} />, say('badge.checking'));
  if (verdict.isError)
    return badge('unproven', <IconShieldQuestion size={16} />, say('badge.unproven'), verdict.error.message);
  if (!verdict.data.ok)
    return badge('bad', <IconAlertOctagon size={16} />, say('badge.bad'), verdict.data.reason);
  if (verdict.data.sealed)
    return badge('ok', <IconLock size={15} />, say('badge.sealed'), say('badge.sealed-says'));
  return badge('ok', <IconShieldCheck size={16} />, say('badge.ok'), say('badge.ok-says'));
}
