import { useSyncExternalStore } from 'react';
import { hubLedger } from './hub-ledger.ts';
import { Alarm } from './receipt-alarm.tsx';

/** Nothing, as long as the hub's own record keeps what its receipts promise. [RC-91] */
export function HubReceiptAlarm() {
  const ledger = hubLedger();
  const broken = useSyncExternalStore(
    (listener) => ledger.onChange(listener),
    () => ledger.broken,
  );
  return broken.length === 0 ? null : <Alarm broken={broken} of="hub" />;
}
