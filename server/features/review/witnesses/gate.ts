import { sharedBy } from '#server/features/operations/index.ts';
import { type AdmitWitness, mintWitnessPass, type WitnessPass } from '#server/platform/access.ts';
import { hashToken } from '#server/platform/secrets.ts';
import { oneRow, type RawBuilder, rows, type Store, sql, type Tx } from '#server/platform/storage/store.ts';
import { refuse } from '#shared/kernel/failures.ts';
import type { CompartmentId, DeskId, OperationId, WitnessId } from '#shared/kernel/ids.ts';
import type { OperationState } from '#shared/policy/lifecycle.ts';

/**
 * The gate of witnesses. A credential opens one operation, and only while its key is not retired and its desk still has a
 * member there. An unknown operation, a foreign one and a wrong credential get one answer. [RC-57]
 */
export function openWitnessGate({ store }: { readonly store: Store }): AdmitWitness {
  return async (credential, operation) => {
    if (credential === null) throw refuse('witness.refused');
    const holding = sql<boolean>`w.credential_hash = ${hashToken(credential)}`;
    return store.read((tx) => passOf(tx, operation, { which: holding, hold: false }));
  };
}

/** Asks again, as of the snapshot of `tx`: what the desk of this witness may see now, or a refusal. [RC-85] */
export function admitAgain(tx: Tx, { operation, witness }: WitnessPass): Promise<WitnessPass> {
  return passOf(tx, operation, { which: sql<boolean>`w.id = ${witness}`, hold: false });
}

/** The same, and nobody of the desk is removed, nor the key retired, until `tx` ends. */
export function holdWitnessPass(tx: Tx, { operation, witness }: WitnessPass): Promise<WitnessPass> {
  return passOf(tx, operation, { which: sql<boolean>`w.id = ${witness}`, hold: true });
}

type Row = {
  readonly id: WitnessId;
  readonly desk_id: DeskId;
  readonly desk: string;
  readonly origin: string;
  readonly state: OperationState;
  readonly main_id: CompartmentId;
};

async function passOf(
  tx: Tx,
  operation: OperationId,
  { which, hold }: { readonly which: RawBuilder<boolean>; readonly hold: boolean },
): Promise<WitnessPass> {
  const found = await oneRow<Row>(
    tx,
    sql`select w.id, w.desk_id, d.code as desk, l.origin, p.state, c.id as main_id
        from witnesses w join desks d on d.id = w.desk_id and d.kind = 'police'
        join logs l on l.id = w.operation_id
        join operations p on p.id = w.operation_id
        join compartments c on c.operation_id = w.operation_id and c.name = 'main'
        where ${which} and w.operation_id = ${operation} and w.retired_ms is null ${hold ? sql`for share of w` : sql``}`,
  );
  if (found === null) throw refuse('witness.refused');
  const members = await rows<{ compartment_ids: CompartmentId[] }>(
    tx,
    sql`select m.compartment_ids from members m join officers o on o.id = m.officer_id
        where m.operation_id = ${operation} and m.removed_ms is null and o.desk_id = ${found.desk_id}
        ${hold ? sql`for share of m` : sql``}`,
  );
  if (members.length === 0) throw refuse('witness.refused');
  return mintWitnessPass({
    operation,
    origin: found.origin,
    witness: found.id,
    desk: found.desk,
    state: found.state,
    compartments: new Set(sharedBy(members)),
    main: found.main_id,
  });
}
