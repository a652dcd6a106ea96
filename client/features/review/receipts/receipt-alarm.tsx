import { IconAlertOctagon } from '@tabler/icons-react';
import { clock } from '#client/platform/clock.ts';
import { saveFile } from '#client/platform/save-file.ts';
import { useText } from '#client/platform/text.ts';
import { Button } from '#client/ui/controls/button.tsx';
import { isoTime } from '#shared/kernel/clock.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { reviewText } from '../text.ts';
import type { Broken } from './ledger.ts';
import styles from './receipt-alarm.module.css';
import { useBrokenReceipts } from './use-receipts.ts';

type Props = { readonly operationId: OperationId; readonly origin: string };

/** Nothing, as long as the hub keeps what its receipts promise. [RC-55] */
export function ReceiptAlarm({ operationId, origin }: Props) {
  const broken = useBrokenReceipts(operationId, origin);
  return broken.length === 0 ? null : <Alarm broken={broken} of="operation" />;
}

const reasons = ['contradicted', 'not-covered', 'not-certified'] as const;

type AlarmProps = { readonly broken: readonly Broken[]; readonly of: 'operation' | 'hub' };

/** Whose record does not keep what was promised, how, and the receipts as evidence. */
export function Alarm({ broken, of }: AlarmProps) {
  const say = useText('review', reviewText);
  const counts = reasons.map((reason) => ({
    reason,
    count: broken.filter((one) => one.reason === reason).length,
  }));
  return (
    <div className={styles.alarm} role="alert">
      <IconAlertOctagon size={18} />
      <div className={styles.words}>
        <b>{say(of === 'hub' ? 'receipts.hub-title' : 'receipts.title')}</b>
        {counts.map(
          ({ reason, count }) => count > 0 && <p key={reason}>{say(`receipts.${reason}`, { count })}</p>,
        )}
      </div>
      <Button onClick={() => saveReceipts(broken)}>{say('receipts.save')}</Button>
    </div>
  );
}

/** A list that `npm run receipts` reads. */
function saveReceipts(broken: readonly Broken[]): void {
  const notes = [...new Set(broken.map(({ note }) => note))];
  const blob = new Blob([`${JSON.stringify(notes, null, 2)}\n`], { type: 'application/json' });
  saveFile(blob, `receipts-${isoTime(clock.now()).slice(0, 19).replaceAll(':', '')}.json`);
}
