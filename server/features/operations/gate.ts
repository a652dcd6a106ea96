import { type Admit, mintRoomPass, type NoteDenial } from '#server/platform/access.ts';
import type { Store } from '#server/platform/storage/store.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { RefusalCode } from '#shared/kernel/refusals.ts';
import { cannot } from '#shared/policy/can.ts';

import { membershipOf, operationExists } from './store.ts';

type Deps = { readonly store: Store; readonly noteDenial: NoteDenial };

/**
 * The gate, and the only mint of passes. Whoever is no member gets the answer an absent operation gives; the knock
 * is an entry of the operation they knocked at. [AC-1] [AC-3]
 */
export function openGate({ store, noteDenial }: Deps): Admit {
  return async function admit(session, operation, verb) {
    const { member, exists } = await store.read(async (tx) => {
      const found = await membershipOf(tx, operation, session.officer);
      return { member: found, exists: found !== null || (await operationExists(tx, operation)) };
    });
    const refusal = (code: RefusalCode) => {
      if (exists) noteDenial({ log: operation, session, rule: verb, code });
      return refuse(code);
    };
    if (member === null || member.removed_ms !== null) throw refusal('not.found');
    const code = cannot({ role: member.role, desk: session.desk.kind, operation: member.state }, verb);
    if (code !== null) throw refusal(code);
    return mintRoomPass({
      operation: member.id,
      origin: member.origin,
      session,
      role: member.role,
      state: member.state,
      compartments: new Set(member.compartment_ids),
      main: member.main_id,
      aclEpoch: member.epoch,
    });
  };
}
