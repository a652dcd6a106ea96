import { api } from '#client/platform/api.ts';
import { clock } from '#client/platform/clock.ts';
import { hearReceipts } from '#client/platform/receipts.ts';
import { proveHubPlaces, readReceiptKeys } from '#shared/contracts/record-log.ts';
import { base64 } from '#shared/kernel/encoding.ts';
import { emptyRoot } from '#shared/record/tree.ts';
import { type Pin, watchCheckpoint } from '#shared/record/witness/watch.ts';
import { hubKeyAtFirstSight } from '../verify/hub-key.ts';
import { keepPin, readPin } from '../verify/pinned.ts';
import { certifiedKeys } from './certified-keys.ts';
import { ReceiptLedger } from './ledger.ts';

let opened: ReceiptLedger | null = null;

/** Of this page, as long as it is open: promises about the hub's record are given outside rooms too. [RC-91] */
export function hubLedger(): ReceiptLedger {
  if (opened === null) {
    opened = openHubLedger();
    hearReceipts((note) => opened?.take(note));
  }
  return opened;
}

function openHubLedger(): ReceiptLedger {
  /** Where this browser has got to; from the start when it knows the key alone. */
  let known: string | null = null;
  return new ReceiptLedger({
    isOurs: (origin) => origin.endsWith('/hub'),
    clock,
    async certifiedKeys() {
      const reply = await api(readReceiptKeys, {});
      const key = hubKeyAtFirstSight(reply.vkey);
      if (key === null) return [];
      known = key.name;
      return certifiedKeys(reply, key);
    },
    prove: (places) =>
      api(proveHubPlaces, {
        places: places.join(','),
        since: known === null ? 0 : (readPin(known)?.size ?? 0),
      }),
    believe(answer) {
      const key = hubKeyAtFirstSight(answer.vkey);
      if (key === null) return null;
      const watched = watchCheckpoint(answer, key.name, pinOf(key.name));
      if (watched.state !== 'held') return null;
      keepPin(key.name, watched.pin);
      return watched.checkpoint;
    },
  });
}

/** A pin of the key alone knows the tree of nothing. */
function pinOf(name: string): Pin | null {
  const pin = readPin(name);
  return pin?.size === 0 ? { ...pin, root: base64(emptyRoot()) } : pin;
}
