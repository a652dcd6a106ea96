import { type Admit, mintRoomPass, type NoteDenial } from '#server/platform/access.ts';
import type { Store } from '#server/platform/storage/store.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { cannot } from '#shared/policy/can.ts';

import { membershipOf, operationExists } from './store.ts';

type Deps = { readonly store: Store; readonly clock: Clock; readonly noteDenial: NoteDenial };

/**
 * The gate, and the only mint of passes. Whoever is no member gets the answer an absent operation gives; the knock
 * is an entry of the operation they knocked at. [AC-1] [AC-3]
 */
export function openGate({ store, clock, noteDenial }: Deps): Admit {
  return async function admit(session, operation, verb) {
    const { member, exists } = await store.read(async (tx) => {
      const found = await membershipOf(tx, operation, session);
      return { member: found, exists: found !== null || (await operationExists(tx, operation)) };
    });
    const refusal = (code: RefusalCode) => {
      // To be asked for a purpose is no denial.
      if (exists && code !== 'purpose.needed') noteDenial({ log: operation, session, rule: verb, code });
      return refuse(code);
    };
    if (member === null || member.removed_ms !== null) throw refusal('not.found');
    const { role, state, purpose_until } = member;
    const purposeStated = purpose_until !== null && purpose_until > clock.now();
    const code = cannot({ role, desk: session.desk.kind, operation: state, purposeStated }, verb);
    if (code !== null) throw refusal(code);
    return mintRoomPass({
      operation: member.id,
      origin: member.origin,
      session,
      role,
      state,
      compartments: new Set(member.compartment_ids),
      main: member.main_id,
      aclEpoch: member.epoch,
    });
  };
}
