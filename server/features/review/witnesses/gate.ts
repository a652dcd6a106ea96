import { type AdmitWitness, mintWitnessPass } from '#server/platform/access.ts';
import { hashToken } from '#server/platform/secrets.ts';
import { oneRow, type Store, sql } from '#server/platform/storage/store.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { WitnessId } from '#shared/kernel/ids.ts';

/**
 * The gate of witnesses. A credential opens one operation, and only while its key is not retired and its desk still has a
 * member there. An unknown operation, a foreign one and a wrong credential get one answer. [RC-57]
 */
export function openWitnessGate({ store }: { readonly store: Store }): AdmitWitness {
  return async (credential, operation) => {
    if (credential === null) throw refuse('witness.refused');
    const found = await store.read((tx) =>
      oneRow<{ id: WitnessId; origin: string }>(
        tx,
        sql`select w.id, l.origin from witnesses w join logs l on l.id = w.operation_id
            where w.credential_hash = ${hashToken(credential)} and w.operation_id = ${operation} and w.retired_ms is null
              and exists (select 1 from members m join officers o on o.id = m.officer_id
                          where m.operation_id = w.operation_id and m.removed_ms is null and o.desk_id = w.desk_id)`,
      ),
    );
    if (found === null) throw refuse('witness.refused');
    return mintWitnessPass({ operation, origin: found.origin, witness: found.id });
  };
}
