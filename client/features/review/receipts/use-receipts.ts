import { useEffect, useState, useSyncExternalStore } from 'react';
import { api } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { hearReceipts } from '#client/platform/receipts.ts';
import { provePlaces, readReceiptKeys } from '#shared/contracts/record-log.ts';
import type { OperationId } from '#shared/kernel/ids.ts';
import { watchCheckpoint } from '#shared/record/witness/watch.ts';
import { hubKeyOf } from '../verify/hub-key.ts';
import { keepPin, readPin } from '../verify/pinned.ts';
import { certifiedKeys } from './certified-keys.ts';
import { type Broken, ReceiptLedger } from './ledger.ts';

const none: readonly Broken[] = [];

/** Promises of the hub about this operation's record that it has not kept, since the room was opened. */
export function useBrokenReceipts(operationId: OperationId, origin: string): readonly Broken[] {
  const [ledger, setLedger] = useState<ReceiptLedger | null>(null);
  useEffect(() => {
    const made = openLedger(operationId, origin);
    const endHearing = hearReceipts((note) => made.take(note));
    setLedger(made);
    return () => {
      endHearing();
      made.end();
      setLedger(null);
    };
  }, [operationId, origin]);
  return useSyncExternalStore(
    (listener) => ledger?.onChange(listener) ?? (() => undefined),
    () => ledger?.broken ?? none,
  );
}

function openLedger(operationId: OperationId, origin: string): ReceiptLedger {
  return new ReceiptLedger({
    isOurs: (of) => of === origin,
    clock,
    async certifiedKeys() {
      const reply = await api(readReceiptKeys, {});
      const key = hubKeyOf(reply.vkey, origin);
      return key === null ? [] : certifiedKeys(reply, key);
    },
    prove: (places) =>
      api(provePlaces, { operationId, places: places.join(','), since: readPin(origin)?.size ?? 0 }),
    believe(answer) {
      const watched = watchCheckpoint(answer, origin, readPin(origin));
      if (watched.state !== 'held') return null;
      keepPin(origin, watched.pin);
      return watched.checkpoint;
    },
  });
}
